// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "riviera",
    targets: [
        .target(name: "CKernels"),
        .target(name: "Statistics", dependencies: ["CKernels"]),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "CKernels"]),
    ],
    swiftLanguageModes: [.v6]
)
