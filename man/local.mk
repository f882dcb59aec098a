dist_man_MANS += man/nnrun.1 man/nnrun.cfg.5 man/nnrun-comm.3 man/nnrun-layer.3 man/nnrun.3 man/nnrun-tutorial.7

# What the tables of the layers say, put into nnrun.cfg(5).
EXTRA_DIST += man/layers.sh
## man-layers: put the tables of the layers into nnrun.cfg(5)
man-layers: all
	$(SHELL) $(srcdir)/man/layers.sh $(abs_top_builddir)/nnrun $(abs_top_builddir)/plugins/.libs $(srcdir)/man/nnrun.cfg.5

# The tutorial as a manual, kept beside its source, so that neither a build nor an install makes it.
EXTRA_DIST += man/tutorial.awk
## man-tutorial: make nnrun-tutorial(7) from data/tutorial.md
man-tutorial:
	LC_ALL=C $(AWK) -f $(srcdir)/man/tutorial.awk $(srcdir)/data/tutorial.md >nnrun-tutorial.new && \
	    cat nnrun-tutorial.new >$(srcdir)/man/nnrun-tutorial.7; status=$$?; rm -f nnrun-tutorial.new; exit $$status
.PHONY: man-layers man-tutorial
