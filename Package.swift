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
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKernels"),
        .target(name: "LinearAlgebra", dependencies: ["CKernels"]),
        .target(name: "Statistics", dependencies: ["CKernels"]),
        .target(name: "Projections"),
        .target(
            name: "NormalizingFlows",
            dependencies: ["CZlib", "LinearAlgebra", "Projections", "Statistics"]),
        .target(
            name: "Compute",
            dependencies: [
                "COpenSSL", "LinearAlgebra", "NormalizingFlows", "Statistics",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        .testTarget(
            name: "LinearAlgebraTests", dependencies: ["CKernels", "LinearAlgebra", "Statistics"]),
        .testTarget(name: "ProjectionsTests", dependencies: ["Projections"]),
        .testTarget(name: "StatisticsTests", dependencies: ["CKernels", "Statistics"]),
    ],
    swiftLanguageModes: [.v6]
)
