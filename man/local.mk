dist_man_MANS += man/nnrun.1 man/nnrun.cfg.5 man/nnrun-layer.3 man/nnrun.3

# What the tables of the layers say, put into nnrun.cfg(5).
EXTRA_DIST += man/layers.sh
## man-layers: put the tables of the layers into nnrun.cfg(5)
man-layers: all
	$(SHELL) $(srcdir)/man/layers.sh $(abs_top_builddir)/nnrun $(abs_top_builddir)/plugins/.libs $(srcdir)/man/nnrun.cfg.5
.PHONY: man-layers
