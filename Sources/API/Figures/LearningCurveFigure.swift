/// How well a model does after each epoch of its training: curves over the epochs.
package struct LearningCurveFigure: Figure {
    /// A curve: log-likelihoods in nats after epoch 1, 2, …; nil where there is none.
    package struct Curve: Sendable {
        let name: String
        let values: [Double?]

        package init(name: String, values: [Double?]) {
            self.name = name
            self.values = values
        }
    }

    private let title: String
    private let curves: [Curve]
    /// Epochs whose values frame the figure: not the first ones, in which a model gains more than in all others.
    private static let leftOut = 10

    package init(title: String, curves: [Curve]) {
        self.title = title
        self.curves = curves
    }

    package mutating func advance() -> String? {
        let epochs = curves.map(\.values.count).max() ?? 0
        let first = min(epochs / 4, Self.leftOut)
        let framed = curves.flatMap { $0.values.dropFirst(first).compactMap { $0 } }.filter(\.isFinite)
        let frame = PlotFrame(
            xRange: 0...Double(max(epochs, 1)), yRange: framing(framed, least: 1, margin: 0.05), xLabel: "epoch",
            yLabel: "log-likelihood in nats")
        let (left, right, top, bottom) = FigureStyle.plot
        let width = FigureStyle.width, height = FigureStyle.height
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" \
            height="\(height)" role="img" aria-labelledby="title desc">
            <title id="title">\(SVGText.escaped(title))</title>
            <desc id="desc">Mean log-likelihoods after \(epochs) \(epochs == 1 ? "epoch" : "epochs").</desc>
            <style>\(FigureStyle.css)</style>
            <clipPath id="plot"><rect x="\(Int(left))" y="\(Int(top))" width="\(Int(right - left))" \
            height="\(Int(bottom - top))"/></clipPath>
            <rect class="page" width="\(width)" height="\(height)"/>
            <text class="heading" x="\(Int(left))" y="28">\(SVGText.escaped(title))</text>
            \(legend)<g clip-path="url(#plot)">
            \(frame.grid)\(lines(in: frame))</g>
            \(frame.axes)</svg>

            """
    }

    private func lines(in frame: PlotFrame) -> String {
        curves.enumerated().map { index, curve in
            let points = curve.values.enumerated().compactMap { epoch, value in
                value.map { frame.pixels(.init(x: Double(epoch + 1), y: $0)) }
            }
            return points.isEmpty
                ? "" : #"<path class="path c\#(index % 4)" d="\#(SVGText.path(points))"/>"# + "\n"
        }.joined()
    }

    private var legend: String {
        curves.enumerated().map { index, curve in
            let last = curve.values.last.flatMap { $0 }.map { ", at last \(decimal($0, 1))" } ?? ""
            let name = SVGText.escaped(curve.name + last)
            return #"<g transform="translate(\#(Int(FigureStyle.plot.left) + 300 * index) 56)">"#
                + #"<path class="path c\#(index % 4)" d="M0 0h22"/><text x="30" y="4.5">\#(name)</text></g>"# + "\n"
        }.joined()
    }
}
