// The module of BoringSSL's runner, with Debian's Go packages beside it: test/bogo/run lays it over
// the runner's source, in a folder where these paths lead to what those packages hold.
module boringssl.googlesource.com/boringssl

go 1.19

require (
	golang.org/x/crypto v0.0.0
	golang.org/x/net v0.0.0
	golang.org/x/sys v0.0.0
	golang.org/x/term v0.0.0
	golang.org/x/text v0.0.0
)

replace (
	golang.org/x/crypto => ../go/usr/share/gocode/src/golang.org/x/crypto
	golang.org/x/net => ../go/usr/share/gocode/src/golang.org/x/net
	golang.org/x/sys => ../go/usr/share/gocode/src/golang.org/x/sys
	golang.org/x/term => ../go/usr/share/gocode/src/golang.org/x/term
	golang.org/x/text => ../go/usr/share/gocode/src/golang.org/x/text
)
