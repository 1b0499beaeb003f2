extension NICE {
    /// The same model and its inpainting in PyTorch, for `python3 -c SCRIPT WEIGHTS THREADS`: reads
    /// a request a line, answers with its time.
    public static var torchPeer: String {
        String(decoding: PackageResources.inpainting_torch_py, as: UTF8.self)
    }
}
