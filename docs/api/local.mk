# The page at /docs/. Its viewer comes from npm: "make docs-site" fetches it and lays the whole page
# out in docs/site; "make install" installs it too when that was done before.
apidocsdir = $(pkgdatadir)/docs
dist_apidocs_DATA = docs/api/index.html docs/api/docs.css
viewer = docs/site/rapidoc-min.js
EXTRA_DIST += \
	docs/api/.npmrc \
	docs/api/fetch-viewer \
	docs/api/package-lock.json \
	docs/api/package.json \
	docs/api/redocly.yaml \
	docs/openapi.json

.PHONY: docs-site docs-page
docs-site: docs-page $(viewer)

docs-page:
	$(AM_V_at)$(MKDIR_P) docs/site
	$(AM_V_at)cp $(srcdir)/docs/api/index.html $(srcdir)/docs/api/docs.css docs/site

$(viewer): docs/api/package-lock.json docs/api/fetch-viewer
	$(AM_V_GEN)$(srcdir)/docs/api/fetch-viewer docs/site

install-data-local:
	test ! -e $(viewer) || { $(MKDIR_P) "$(DESTDIR)$(apidocsdir)" && \
	    $(INSTALL_DATA) $(viewer) $(viewer).LICENSE.txt "$(DESTDIR)$(apidocsdir)"; }

uninstall-local:
	rm -f "$(DESTDIR)$(apidocsdir)/rapidoc-min.js" \
	    "$(DESTDIR)$(apidocsdir)/rapidoc-min.js.LICENSE.txt"

clean-local:
	rm -rf docs/site
