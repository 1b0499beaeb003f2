/// How a prior with its own number of channels sees a picture with another: linear maps of a pixel's channels.
///
/// A grey picture is grey in red, green and blue for a prior of colours. A prior of grey sees a picture of colours three
/// times: its luma Y = (R + G + B) / 3 and the chroma (R − B) / 2 + ½ and (2 G − R − B) / 4 + ½, each a grey picture in 0…1.
struct ColorViews {
    /// Of each view, of each channel of the prior: what the picture's channels are multiplied by, and what is added.
    let views: [[(weights: [Float], offset: Float)]]

    init(prior: Int, picture: Int) {
        switch (prior, picture) {
        case (1, 3):
            let third: Float = 1 / 3
            views = [
                [(weights: [third, third, third], offset: 0)], [(weights: [0.5, 0, -0.5], offset: 0.5)],
                [(weights: [-0.25, 0.5, -0.25], offset: 0.5)],
            ]
        case (3, 1): views = [Array(repeating: (weights: [1], offset: 0), count: 3)]
        default:
            precondition(prior == picture)
            views = [
                (0..<prior).map { channel in
                    (weights: (0..<picture).map { $0 == channel ? 1 : 0 }, offset: 0)
                }
            ]
        }
    }
}
