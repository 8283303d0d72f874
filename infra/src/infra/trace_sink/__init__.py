"""A stand-in for Jaeger where there is none: OTLP/HTTP in, a bounded store, Jaeger's query API and a page out."""
