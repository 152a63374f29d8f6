package dev.trunkline.submit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationOption;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas (draft 2020-12) of the records that handlers take and answer, with the bounds of
 * their Bean Validation constraints. A component that is neither primitive nor {@code @NotNull},
 * {@code @NotBlank} or {@code @NotEmpty} may be left out or null; unknown fields are refused.
 */
@Singleton
public class PayloadSchemas {

  private final ObjectMapper mapper;
  private final SchemaGenerator generator;

  PayloadSchemas(ObjectMapper mapper) {
    this.mapper = mapper;
    this.generator = new SchemaGenerator(config(mapper).build());
  }

  /** The schema of a class or generic type; the one that allows everything for {@link JsonNode}. */
  public synchronized JsonNode of(Type type) {
    return type == JsonNode.class ? mapper.createObjectNode() : generator.generateSchema(type);
  }

  private static SchemaGeneratorConfigBuilder config(ObjectMapper mapper) {
    SchemaGeneratorConfigBuilder config =
        new SchemaGeneratorConfigBuilder(
                mapper, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(
                Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT,
                Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
            .with(
                new JacksonModule(
                    JacksonOption.RESPECT_JSONPROPERTY_ORDER,
                    JacksonOption.RESPECT_JSONPROPERTY_REQUIRED))
            .with(
                new JakartaValidationModule(
                    JakartaValidationOption.INCLUDE_PATTERN_EXPRESSIONS,
                    JakartaValidationOption.NOT_NULLABLE_FIELD_IS_REQUIRED));
    config.forFields().withNullableCheck(field -> !isNeeded(field));
    config.forFields().withRequiredCheck(PayloadSchemas::isNeeded);
    config
        .forTypesInGeneral()
        .withCustomDefinitionProvider((type, _) -> anything(mapper, type.getErasedType()));
    return config;
  }

  /** The schema of a value that is handed on as it is: whatever JSON there is. */
  private static @Nullable CustomDefinition anything(ObjectMapper mapper, Class<?> type) {
    return JsonNode.class.isAssignableFrom(type)
        ? new CustomDefinition(
            mapper.createObjectNode(),
            CustomDefinition.INLINE_DEFINITION,
            CustomDefinition.EXCLUDING_ATTRIBUTES)
        : null;
  }

  private static boolean isNeeded(FieldScope field) {
    return field.getRawMember().getType().isPrimitive()
        || field.getAnnotationConsideringFieldAndGetter(NotNull.class) != null
        || field.getAnnotationConsideringFieldAndGetter(NotBlank.class) != null
        || field.getAnnotationConsideringFieldAndGetter(NotEmpty.class) != null;
  }
}
