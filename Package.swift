// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "riviera",
    targets: [
        .target(name: "CKernels"),
        .target(name: "Statistics", dependencies: ["CKernels"]),
        .target(name: "Projections"),
        .target(name: "Expressions", dependencies: ["CKernels"]),
        .target(
            name: "GradientEstimation", dependencies: ["Expressions", "Projections", "Statistics"],
            resources: [.embedInCode("Benchmark/gradients_peer.py")]),
        .testTarget(
            name: "GradientEstimationTests",
            dependencies: ["GradientEstimation", "Expressions", "Projections", "Statistics"]),
        .testTarget(name: "ExpressionsTests", dependencies: ["Expressions"]),
        .testTarget(name: "ProjectionsTests", dependencies: ["Projections"]),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "CKernels"]),
    ],
    swiftLanguageModes: [.v6]
)
