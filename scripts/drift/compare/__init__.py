"""Find the differences between two documents, as facts; other folders decide whom they break."""
