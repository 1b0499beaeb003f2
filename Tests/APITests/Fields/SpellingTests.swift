import API
import Testing

@Suite struct SpellingTests {
    @Test(arguments: [
        ("iteratoins", "iterations"), ("seeed", "seed"), ("/inpant", "/inpaint"), ("Seed", "seed"),
        ("columns", "columns"), ("colums", "columns"),
    ])
    func aNameWithinTwoEditsIsMeant(name: String, meant: String) {
        let names = ["iterations", "seed", "/inpaint", "columns", "k", "n"]
        #expect(Spelling.nearest(to: name, among: names) == meant)
    }

    @Test(arguments: ["", "x", "kk", "sed1x", "something", String(repeating: "seed", count: 1000)])
    func otherNamesMeanNothing(name: String) {
        #expect(Spelling.nearest(to: name, among: ["iterations", "seed", "k", "n"]) == nil)
    }

    @Test func nothingIsNearestAmongNothing() { #expect(Spelling.nearest(to: "a", among: []) == nil) }

    @Test func distancesAreAMetric() {
        let words = ["", "a", "ab", "ba", "seed", "seeds", "need", "deed"].map { Array($0.utf8) }
        for a in words {
            #expect(Spelling.distance(a, a) == 0)
            for b in words {
                #expect(Spelling.distance(a, b) == Spelling.distance(b, a))
                for c in words {
                    #expect(Spelling.distance(a, c) <= Spelling.distance(a, b) + Spelling.distance(b, c))
                }
            }
        }
        #expect(Spelling.distance(words[4], words[5]) == 1)
        #expect(Spelling.distance(words[0], words[4]) == 4)
    }
}
