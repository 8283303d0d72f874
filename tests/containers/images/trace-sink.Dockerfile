# Our trace sink on every address of its container, where `make up` natively has it on loopback; it stands in for Jaeger.
FROM counterstep-test/counterstep
ENV OTLP_PORT=4318 TRACES_PORT=16686 TRACES_FILE=/tmp/spans.sqlite
ENTRYPOINT ["python", "-c", "import infra.trace_sink.__main__ as sink; sink.LOOPBACK = '0.0.0.0'; sink.main()"]
