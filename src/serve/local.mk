# What answers over HTTP, where there is libmicrohttpd.
EXTRA_DIST += src/serve/web/index.html src/serve/web/page.css src/serve/web/page.js src/serve/web/icon.svg
if HAVE_MICROHTTPD
src_libcore_a_CPPFLAGS += -DHAVE_MICROHTTPD $(MICROHTTPD_CFLAGS)
src_libcore_a_SOURCES += \
	src/serve/answer.h src/serve/answer.c \
	src/serve/asker.h src/serve/asker.c \
	src/serve/clients.h src/serve/clients.c \
	src/serve/host.h src/serve/host.c \
	src/serve/listener.h src/serve/listener.c \
	src/serve/model_json.h src/serve/model_json.c \
	src/serve/pages.h \
	src/serve/pixels_json.h src/serve/pixels_json.c \
	src/serve/predict_route.h src/serve/predict_route.c \
	src/serve/question.h src/serve/question.c \
	src/serve/request.h src/serve/request.c \
	src/serve/server.h src/serve/server.c
nodist_src_libcore_a_SOURCES += src/serve/pages.c
endif

# The files of the page as strings, each the array page_ + the end of its name.
pages = $(srcdir)/src/serve/web/index.html $(srcdir)/src/serve/web/page.css $(srcdir)/src/serve/web/page.js \
	$(srcdir)/src/serve/web/icon.svg
src/serve/pages.c: $(pages)
	$(AM_V_GEN)$(MKDIR_P) src/serve && { \
	    echo '#include "serve/pages.h"' && for page in $(pages); do \
	        echo "const char *const page_$${page##*.}[] = {" && $(lines_as_strings) "$$page" && echo '0};' || exit 1; \
	    done; \
	} >$@.new && mv -f $@.new $@
CLEANFILES += src/serve/pages.c src/serve/pages.c.new
