/// What all figures look like.
enum FigureStyle {
    /// Light by default, so that viewers without media queries still show a legible figure.
    static let css = """
        text{font:13px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:#1d2733}\
        .heading{font-size:16px;font-weight:600}.small{font-size:11px;fill:#4d5a68}\
        .level{font-size:10px;fill:#5b6876;stroke:#fff;stroke-width:3px;paint-order:stroke;text-anchor:middle}\
        .page{fill:#fff}.frame{fill:none;stroke:#5b6876}.grid{stroke:#5b6876;stroke-opacity:.12}\
        .contour{fill:none;stroke:#8896a5;stroke-width:1;stroke-opacity:.8}\
        .outline{fill:none;stroke:#1d2733;stroke-width:1.5;stroke-dasharray:6 4}\
        .path{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-opacity:.85}\
        .c0{stroke:#c2500a}.c1{stroke:#1c62c4}.c2{stroke:#0b7f58}.c3{stroke:#9a2f88}\
        .mark{fill:none;stroke:#1d2733;stroke-width:2.2}.halo{fill:none;stroke:#fff;stroke-width:5}\
        @media(prefers-color-scheme:dark){text{fill:#e6ebf1}.small{fill:#aab6c3}\
        .level{fill:#aab6c3;stroke:#12171d}.page{fill:#12171d}.frame{stroke:#8896a5}\
        .grid{stroke:#aab6c3}.contour{stroke:#66758a}.outline{stroke:#e6ebf1}\
        .c0{stroke:#ff9a4d}.c1{stroke:#6aa9ff}.c2{stroke:#45cf9b}.c3{stroke:#ea8fdb}\
        .mark{stroke:#fff}.halo{stroke:#12171d}}
        """

    /// For figures with dots, lines of no length.
    static let dotsCSS = ".dots{fill:none;stroke-width:3;stroke-linecap:round;stroke-opacity:.45}"

    static let width = 760, height = 580
    static let plot = (left: 70.0, right: 740.0, top: 84.0, bottom: 520.0)
}
