# Rules of this tree as programs. Each runs in the build folder with srcdir set, and says what to do
# when it fails.
checks = \
	tests/checks/banned \
	tests/checks/headers \
	tests/checks/layers \
	tests/checks/length \
	tests/checks/listed \
	tests/checks/migrations \
	tests/checks/openapi \
	tests/checks/places \
	tests/checks/settings

TESTS += $(checks)
EXTRA_DIST += $(checks)
