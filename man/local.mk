dist_man_MANS += man/nnrun.1 man/nnrun.cfg.5 man/nnrun-layer.3
