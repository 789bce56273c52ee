"""Pictures: values in, Altair chart out; no Streamlit, no reading."""
