// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "riviera",
    products: [.executable(name: "riviera", targets: ["Riviera"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        // Without its traits: reading JSON is one of them and needs all of Foundation.
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CEpoll"),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
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
        .target(
            name: "HTTP",
            dependencies: [
                "CEpoll",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "API",
            dependencies: [
                "Compute", "CPNG", "HTTP", "NormalizingFlows", "Statistics",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        .target(name: "Weights", resources: [.copy("nice-mnist.safetensors")]),
        .executableTarget(
            name: "Riviera",
            dependencies: [
                "API", "Compute", "HTTP", "LinearAlgebra", "NormalizingFlows", "Weights",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
        .testTarget(
            name: "LinearAlgebraTests", dependencies: ["CKernels", "LinearAlgebra", "Statistics"]),
        .testTarget(name: "ProjectionsTests", dependencies: ["Projections"]),
        .testTarget(
            name: "RivieraTests",
            dependencies: [
                "API", "HTTP", "Riviera",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(name: "StatisticsTests", dependencies: ["CKernels", "Statistics"]),
    ],
    swiftLanguageModes: [.v6]
)
