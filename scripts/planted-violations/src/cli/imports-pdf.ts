import "pdfjs-dist";
