// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "riviera",
    targets: [
        .target(name: "CKernels", linkerSettings: [.linkedLibrary("m")]),
        .target(name: "Statistics", dependencies: ["CKernels"]),
        .target(
            name: "RareEvents", dependencies: ["CKernels", "Statistics"],
            resources: [.embedInCode("Benchmark/ruin_peers.py")]),
        .testTarget(name: "RareEventsTests", dependencies: ["RareEvents", "Statistics", "CKernels"]),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "CKernels"]),
    ],
    swiftLanguageModes: [.v6]
)
