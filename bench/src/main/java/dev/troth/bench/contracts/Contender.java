package dev.troth.bench.contracts;

import com.networknt.schema.OutputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.FormatEvaluatorFactory;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.json.JsonLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;

/** A validator under test: a schema becomes a test of bytes. Formats are asserted by all. */
public enum Contender {
  TROTH {
    @Override
    Predicate<byte[]> compile(CorpusSchema corpus) {
      return CompiledSchema.of(corpus.schema(), JsonLimits.DEFAULT).orElseThrow()::isValid;
    }
  },
  NETWORKNT {
    @Override
    Predicate<byte[]> compile(CorpusSchema corpus) {
      SpecificationVersion version = SpecificationVersion.valueOf(corpus.draft().name());
      SchemaRegistry registry =
          SchemaRegistry.withDefaultDialect(
              version,
              builder ->
                  builder
                      .schemas(corpus.more())
                      .schemaRegistryConfig(
                          SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
      com.networknt.schema.Schema schema =
          registry.getSchema(corpus.text(), com.networknt.schema.InputFormat.JSON);
      JsonMapper mapper = JsonMapper.builder().build();
      return bytes -> schema.validate(mapper.readTree(bytes), OutputFormat.BOOLEAN);
    }
  },
  HARREL {
    @Override
    Predicate<byte[]> compile(CorpusSchema corpus) {
      ValidatorFactory factory =
          new ValidatorFactory()
              .withJsonNodeFactory(new JacksonNode.Factory())
              .withDisabledSchemaValidation(true)
              .withEvaluatorFactory(EvaluatorFactory.compose(new FormatEvaluatorFactory()));
      dev.harrel.jsonschema.Validator validator = factory.createValidator();
      corpus.more().forEach((uri, text) -> validator.registerSchema(URI.create(uri), text));
      URI uri = URI.create("urn:corpus:" + corpus.name());
      validator.registerSchema(uri, corpus.text());
      com.fasterxml.jackson.databind.ObjectMapper mapper =
          new com.fasterxml.jackson.databind.ObjectMapper();
      return bytes -> {
        try {
          return validator.validate(uri, mapper.readTree(bytes)).isValid();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      };
    }
  };

  abstract Predicate<byte[]> compile(CorpusSchema corpus);
}
