// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "riviera",
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
        .target(name: "CKernels"),
        .target(name: "LinearAlgebra", dependencies: ["CKernels"]),
        .target(name: "Statistics", dependencies: ["CKernels"]),
        .target(name: "Projections"),
        .target(name: "NormalizingFlows", dependencies: ["LinearAlgebra", "Statistics", "Projections"]),
        .target(
            name: "Compute",
            dependencies: [
                "NormalizingFlows", "Statistics", "COpenSSL",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        .target(
            name: "API",
            dependencies: ["CPNG", .product(name: "CoreMetrics", package: "swift-metrics")]),
        .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "Statistics", "CKernels"]),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "CKernels"]),
        .testTarget(name: "ProjectionsTests", dependencies: ["Projections"]),
        .testTarget(
            name: "APITests",
            dependencies: ["API", .product(name: "Metrics", package: "swift-metrics")]),
    ],
    swiftLanguageModes: [.v6]
)
