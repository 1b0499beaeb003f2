// swift-tools-version: 6.2
import PackageDescription

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "riviera",
    products: [.executable(name: "riviera", targets: ["Riviera"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        // Without its traits: reading JSON is one of them and needs all of Foundation.
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CEpoll"),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CThreads"),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKernels", cSettings: [.headerSearchPath(".")], linkerSettings: [.linkedLibrary("m")]),
        .target(
            name: "Weights", exclude: ["train_flows.py"],
            resources: [
                .copy("conditional-mnist.safetensors"), .copy("glow-mnist.safetensors"),
                .copy("nice-mnist.safetensors"), .copy("nice-mnist-smooth.safetensors"),
                .copy("photographs.safetensors"),
            ]),
        .target(name: "Page", resources: [.copy("site")]),
        .target(name: "Threads", dependencies: ["CThreads"]),
        .target(name: "Zlib", dependencies: ["CZlib"]),
        .target(name: "LinearAlgebra", dependencies: ["CKernels"]),
        .target(name: "Statistics", dependencies: ["CKernels"]),
        .target(name: "Projections"),
        .target(name: "Expressions", dependencies: ["CKernels"]),
        .target(
            name: "NormalizingFlows", dependencies: ["CZlib", "LinearAlgebra", "Projections", "Statistics", "Zlib"]),
        .target(
            name: "Training",
            dependencies: ["CKernels", "LinearAlgebra", "NormalizingFlows", "Statistics", "Threads"]),
        .target(name: "GradientEstimation", dependencies: ["Expressions", "Projections", "Statistics"]),
        .target(name: "RareEvents", dependencies: ["CKernels", "Statistics"]),
        .target(
            name: "Compute",
            dependencies: [
                "COpenSSL", "GradientEstimation", "LinearAlgebra", "NormalizingFlows", "RareEvents",
                "Statistics", "Threads", deque, metrics,
            ]),
        .target(
            name: "HTTP",
            dependencies: [
                "CEpoll", "COpenSSL", "Streams", "Threads", "Zlib", deque, httpTypes, logging, serviceLifecycle,
            ]),
        .target(
            name: "API",
            dependencies: [
                "CMalloc", "Compute", "COpenSSL", "CPNG", "Expressions", "GradientEstimation", "HTTP",
                "LinearAlgebra", "NormalizingFlows", "Projections", "RareEvents", "Statistics", "Zlib", coreMetrics,
                httpTypes, logging, metrics,
            ]),
        .target(name: "Streams"),
        .target(name: "Client", dependencies: ["COpenSSL", "Streams"]),
        .target(
            name: "Benchmarks",
            dependencies: [
                "API", "Client", "Compute", "Expressions", "GradientEstimation", "LinearAlgebra",
                "NormalizingFlows", "RareEvents", "Statistics", "Streams", "Threads", "Training",
            ],
            resources: [
                .embedInCode("Peers/convolution_einsum.py"), .embedInCode("Peers/flow_torch.py"),
                .embedInCode("Peers/gradients_torch.py"),
                .embedInCode("Peers/inpainting_fill.py"), .embedInCode("Peers/inpainting_torch.py"),
                .embedInCode("Peers/photographs_fill.py"), .embedInCode("Peers/probability_openturns.py"),
                .embedInCode("Peers/ruin_numpy.py"),
                .embedInCode("Peers/training_torch.py"),
            ]),
        .executableTarget(
            name: "Riviera",
            dependencies: [
                "API", "Benchmarks", "Client", "Compute", "HTTP", "LinearAlgebra", "NormalizingFlows",
                "RareEvents", "Page", "Streams", "Threads", "Training", "Weights", argumentParser, configuration,
                httpTypes,
                logging, metrics, serviceLifecycle,
            ]),

        .target(
            name: "APIFixtures",
            dependencies: ["API", "Compute", "Fixtures", "HTTP", "LinearAlgebra", "Statistics", httpTypes, logging],
            path: "Tests/APIFixtures"),
        .target(name: "Certificates", dependencies: ["COpenSSL"], path: "Tests/Certificates"),
        .target(name: "SeededRandom", path: "Tests/SeededRandom"),
        .target(
            name: "Fixtures", dependencies: ["Compute", "NormalizingFlows", "Statistics", "Threads"],
            path: "Tests/Fixtures"),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "API", "APIFixtures", "COpenSSL", "CZlib", "Expressions", "Fixtures", "HTTP", "HTTPFixtures",
                "NormalizingFlows", "Threads", httpTypes,
            ],
            path: "Tests/FuzzTargets"),
        .target(
            name: "HTTPFixtures", dependencies: ["Certificates", "COpenSSL", "HTTP", "Threads", logging],
            path: "Tests/HTTPFixtures"),
        .testTarget(
            name: "APITests",
            dependencies: [
                "API", "APIFixtures", "Compute", "CZlib", "Expressions", "Fixtures", "GradientEstimation", "HTTP",
                "LinearAlgebra", "Projections", "SeededRandom", "Statistics", "Zlib", httpTypes, logging, metrics,
            ]),
        .testTarget(
            name: "BenchmarksTests",
            dependencies: [
                "API", "Benchmarks", "Expressions", "GradientEstimation", "NormalizingFlows", "RareEvents", "Streams",
            ]),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels", "SeededRandom"]),
        .testTarget(name: "ClientTests", dependencies: ["Certificates", "Client", "HTTP", "Streams", logging]),
        .testTarget(
            name: "ComputeTests",
            dependencies: ["Compute", "Fixtures", "NormalizingFlows", "RareEvents", "Statistics", "Threads"]),
        .testTarget(name: "ExpressionsTests", dependencies: ["Expressions", "Statistics"]),
        .testTarget(name: "FuzzTargetsTests", dependencies: ["FuzzTargets", "HTTPFixtures", "SeededRandom"]),
        .testTarget(
            name: "GradientEstimationTests",
            dependencies: ["Expressions", "GradientEstimation", "Projections", "Statistics"]),
        .testTarget(
            name: "HTTPTests",
            dependencies: [
                "Certificates", "COpenSSL", "HTTP", "HTTPFixtures", "SeededRandom", "Threads", "Zlib", httpTypes,
                logging, serviceLifecycle,
            ]),
        .testTarget(
            name: "LinearAlgebraTests",
            dependencies: ["Fixtures", "LinearAlgebra", "SeededRandom"]),
        .testTarget(
            name: "NormalizingFlowsTests",
            dependencies: [
                "CZlib", "Fixtures", "LinearAlgebra", "NormalizingFlows", "Projections", "SeededRandom",
                "Statistics",
            ]),
        .testTarget(name: "ProjectionsTests", dependencies: ["Projections", "SeededRandom"]),
        .testTarget(
            name: "RareEventsTests", dependencies: ["CKernels", "RareEvents", "Statistics"]),
        .testTarget(
            name: "RivieraTests",
            dependencies: [
                "API", "Certificates", "Compute", "Fixtures", "HTTP", "NormalizingFlows", "Riviera", "Statistics",
                "Streams",
                "Training", argumentParser, logging, serviceLifecycle,
            ]),
        .testTarget(name: "StatisticsTests", dependencies: ["CKernels", "Statistics"]),
        .testTarget(name: "StreamsTests", dependencies: ["Streams"]),
        .testTarget(
            name: "TrainingTests", dependencies: ["Fixtures", "NormalizingFlows", "Training"]),
        .testTarget(name: "ThreadsTests", dependencies: ["CThreads", "Fixtures", "Threads"]),
        .testTarget(name: "ZlibTests", dependencies: ["SeededRandom", "Zlib"]),
    ],
    swiftLanguageModes: [.v6]
)

// libFuzzer's program, which links only where the sanitizer is switched on: `.ci/fuzz` sets the variable.
if Context.environment["RIVIERA_FUZZER"] != nil {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/CFuzzer"),
        .executableTarget(name: "Fuzz", dependencies: ["CFuzzer", "FuzzTargets", "Streams"], path: "Tests/Fuzz"),
    ]
}
