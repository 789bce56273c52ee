"""Made-up input files for the templates: one module each, named as the template, found by name."""
