/// The capitals, digits and signs of the labels, as bits: three columns, five rows, the leftmost column first.
package enum PixelFont {
    package static let width = 3
    package static let height = 5

    package static func rows(of letter: Character) -> [UInt8] {
        switch letter {
        case "A": [0b010, 0b101, 0b111, 0b101, 0b101]
        case "B": [0b110, 0b101, 0b110, 0b101, 0b110]
        case "C": [0b011, 0b100, 0b100, 0b100, 0b011]
        case "D": [0b110, 0b101, 0b101, 0b101, 0b110]
        case "E": [0b111, 0b100, 0b110, 0b100, 0b111]
        case "F": [0b111, 0b100, 0b110, 0b100, 0b100]
        case "G": [0b011, 0b100, 0b101, 0b101, 0b011]
        case "H": [0b101, 0b101, 0b111, 0b101, 0b101]
        case "I": [0b111, 0b010, 0b010, 0b010, 0b111]
        case "J": [0b001, 0b001, 0b001, 0b101, 0b010]
        case "K": [0b101, 0b101, 0b110, 0b101, 0b101]
        case "L": [0b100, 0b100, 0b100, 0b100, 0b111]
        case "M": [0b101, 0b111, 0b111, 0b101, 0b101]
        case "N": [0b110, 0b101, 0b101, 0b101, 0b101]
        case "O": [0b111, 0b101, 0b101, 0b101, 0b111]
        case "P": [0b110, 0b101, 0b110, 0b100, 0b100]
        case "Q": [0b010, 0b101, 0b101, 0b111, 0b011]
        case "R": [0b110, 0b101, 0b110, 0b101, 0b101]
        case "S": [0b111, 0b100, 0b111, 0b001, 0b111]
        case "T": [0b111, 0b010, 0b010, 0b010, 0b010]
        case "U": [0b101, 0b101, 0b101, 0b101, 0b111]
        case "V": [0b101, 0b101, 0b101, 0b101, 0b010]
        case "W": [0b101, 0b101, 0b111, 0b111, 0b101]
        case "X": [0b101, 0b101, 0b010, 0b101, 0b101]
        case "Y": [0b101, 0b101, 0b010, 0b010, 0b010]
        case "Z": [0b111, 0b001, 0b010, 0b100, 0b111]
        case "0": [0b010, 0b101, 0b101, 0b101, 0b010]
        case "1": [0b010, 0b110, 0b010, 0b010, 0b111]
        case "2": [0b110, 0b001, 0b010, 0b100, 0b111]
        case "3": [0b110, 0b001, 0b010, 0b001, 0b110]
        case "4": [0b101, 0b101, 0b111, 0b001, 0b001]
        case "5": [0b111, 0b100, 0b110, 0b001, 0b110]
        case "6": [0b011, 0b100, 0b110, 0b101, 0b010]
        case "7": [0b111, 0b001, 0b010, 0b010, 0b010]
        case "8": [0b010, 0b101, 0b010, 0b101, 0b010]
        case "9": [0b010, 0b101, 0b011, 0b001, 0b110]
        case "@": [0b010, 0b101, 0b111, 0b100, 0b011]
        case "-": [0b000, 0b000, 0b111, 0b000, 0b000]
        case ".": [0b000, 0b000, 0b000, 0b000, 0b010]
        default: []
        }
    }
}
