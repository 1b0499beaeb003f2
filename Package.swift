// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "riviera",
    targets: [
        .target(name: "CKernels"),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Statistics", dependencies: ["CKernels"]),
        .target(name: "NormalizingFlows", dependencies: ["CZlib"]),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "CKernels"]),
        .testTarget(name: "NormalizingFlowsTests", dependencies: ["NormalizingFlows", "CZlib"]),
    ],
    swiftLanguageModes: [.v6]
)
