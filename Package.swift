// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "riviera",
    targets: [
        .target(name: "CKernels"),
        .target(name: "LinearAlgebra", dependencies: ["CKernels"]),
        .target(name: "Statistics", dependencies: ["CKernels"]),
        .target(name: "Projections"),
        .target(name: "NormalizingFlows", dependencies: ["LinearAlgebra", "Statistics", "Projections"]),
        .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "Statistics", "CKernels"]),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "CKernels"]),
        .testTarget(name: "ProjectionsTests", dependencies: ["Projections"]),
    ],
    swiftLanguageModes: [.v6]
)
