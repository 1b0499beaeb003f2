import HTTP
import Testing

/// RFC 9110 section 12.5.3.
@Suite struct AcceptedCodingsTests {
    @Test(arguments: [
        "gzip", "GZIP", "x-gzip", "deflate, gzip", "gzip, deflate, br, zstd", "gzip;q=0.001", " gzip ; q=0.5 ", "*",
        "*;q=0.1", "br, *", "gzip;q=1, identity;q=0.5", "gzip;q=0.5, identity;q=0.5", "identity;q=0, *;q=0.5",
        "gzip;q=0, x-gzip", "gzip, *;q=0", "gzip;Q=1",
    ])
    func gzipIsPreferred(field: String) {
        #expect(AcceptedCodings(field).preferGzip)
    }

    @Test(arguments: [
        nil, "", " ", ",", "identity", "br", "deflate", "gzip;q=0", "gzip;q=0.0", "gzip;q=0.000, br", "*;q=0",
        "gzip;q=0, *", "identity, gzip;q=0.5", "identity;q=0.9, *;q=0.1", "gzip;q=x", "gzip;q=-1", "gzip;q=nan",
        "gzipp", "gzip;q=",
    ])
    func theContentAsItIsIsPreferred(field: String?) {
        #expect(!AcceptedCodings(field).preferGzip)
    }

    @Test func theContentAsItIsIsRefusedOnlyInWords() {
        for field in ["identity;q=0", "gzip, identity;q=0.0", "gzip, *;q=0", "*;q=0"] {
            #expect(AcceptedCodings(field).refuseIdentity, "\(field)")
        }
        for field in [nil, "", "gzip", "gzip;q=0", "identity;q=0.1, *;q=0", "*", "*;q=0.5"] {
            #expect(!AcceptedCodings(field).refuseIdentity, "\(field ?? "none")")
        }
    }
}
