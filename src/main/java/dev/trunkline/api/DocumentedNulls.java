package dev.trunkline.api;

import static java.util.Comparator.comparing;
import static org.eclipse.microprofile.openapi.OASFactory.createSchema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.FieldInfo;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.Type;
import org.jspecify.annotations.Nullable;

/**
 * Writes into the OpenAPI document what the records say: which of their components may be null, and
 * that an answer always has all of them. The generator knows neither JSpecify nor how Jackson
 * writes a record.
 */
final class DocumentedNulls {

  private static final DotName SCHEMA =
      DotName.createSimple("org.eclipse.microprofile.openapi.annotations.media.Schema");
  private static final DotName INCLUDE =
      DotName.createSimple("com.fasterxml.jackson.annotation.JsonInclude");
  private static final DotName NAMED =
      DotName.createSimple("com.fasterxml.jackson.annotation.JsonProperty");
  private static final DotName UNWRAPPED =
      DotName.createSimple("com.fasterxml.jackson.annotation.JsonUnwrapped");
  private static final DotName NULLABLE = DotName.createSimple(Nullable.class);
  private static final DotName LIST = DotName.createSimple(List.class);
  private static final String OURS = "dev.trunkline";
  private static final String PREFIX = "#/components/schemas/";

  private final IndexView index;
  private final Map<String, List<ClassInfo>> records = new HashMap<>();

  DocumentedNulls(IndexView index) {
    this.index = index;
    for (ClassInfo type : index.getKnownClasses()) {
      if (type.isRecord() && type.name().toString().startsWith(OURS)) {
        records.computeIfAbsent(name(type), _ -> new ArrayList<>()).add(type);
      }
    }
  }

  void complete(OpenAPI document) {
    Set<String> asked = new RequestSchemas(document).names();
    Map<String, Schema> schemas = document.getComponents().getSchemas();
    schemas.forEach(
        (name, schema) -> {
          if (schema.getProperties() != null) {
            List<Part> parts = record(name, schema.getProperties().keySet());
            parts.forEach(part -> complete(schema, part, asked.contains(name), schemas));
            inOrder(schema, parts);
          }
        });
  }

  /** As the record has them; the generator mixes up those of one that is unwrapped. */
  private static void inOrder(Schema schema, List<Part> parts) {
    Map<String, Schema> properties = Map.copyOf(schema.getProperties());
    for (Part part : parts) {
      Schema property = properties.get(part.name());
      if (property != null) {
        schema.removeProperty(part.name());
        schema.addProperty(part.name(), property);
      }
    }
  }

  /**
   * The components of the record of that name; of several, of the one with these properties, and
   * rather of one that is called so for the document than of one that only happens to be.
   */
  private List<Part> record(String name, Set<String> properties) {
    return records.getOrDefault(name, List.of()).stream()
        .sorted(comparing(type -> type.simpleName().equals(name)))
        .map(type -> parts(type).toList())
        .filter(parts -> parts.stream().map(Part::name).toList().containsAll(properties))
        .findFirst()
        .orElse(List.of());
  }

  /**
   * A component of a record.
   *
   * @param name in JSON
   * @param leavesOut whether it is not written where there is nothing in it
   */
  private record Part(String name, Type type, boolean leavesOut) {

    boolean isNullable() {
      return type.hasAnnotation(NULLABLE);
    }

    /** In a record whose nulls and empty lists are not written. */
    boolean isThere() {
      return !leavesOut || (!isNullable() && !type.name().equals(LIST));
    }
  }

  private Stream<Part> parts(ClassInfo type) {
    // Jackson's annotations are on the fields: they cannot be on the components themselves.
    boolean leavesOut = type.hasDeclaredAnnotation(INCLUDE);
    return type.recordComponentsInDeclarationOrder().stream()
        .map(component -> type.field(component.name()))
        .flatMap(
            field ->
                field.hasAnnotation(UNWRAPPED)
                    ? parts(index.getClassByName(field.type().name()))
                    : Stream.of(
                        new Part(
                            name(field), field.type(), leavesOut || field.hasAnnotation(INCLUDE))));
  }

  private static void complete(
      Schema schema, Part part, boolean asked, Map<String, Schema> schemas) {
    Schema property = schema.getProperties().get(part.name());
    if (property == null) {
      return;
    }
    boolean required = asked ? isRequired(schema, part) : part.isThere();
    if (part.isNullable() && !(asked ? required : part.leavesOut())) {
      schema.addProperty(part.name(), orNull(property, schemas));
    }
    if (required && !isRequired(schema, part)) {
      schema.addRequired(part.name());
    }
  }

  private static boolean isRequired(Schema schema, Part part) {
    return schema.getRequired() != null && schema.getRequired().contains(part.name());
  }

  private static Schema orNull(Schema schema, Map<String, Schema> schemas) {
    if (schema.getRef() == null) {
      return addNull(schema);
    }
    Schema target = schemas.get(schema.getRef().substring(PREFIX.length()));
    return target != null && target.getProperties() == null
        ? addNull(createSchema().type(target.getType()).format(target.getFormat()))
        : createSchema().anyOf(List.of(schema, createSchema().type(List.of(SchemaType.NULL))));
  }

  private static Schema addNull(Schema schema) {
    List<SchemaType> types = schema.getType();
    if (types != null && !types.contains(SchemaType.NULL)) {
      List<SchemaType> more = new ArrayList<>(types);
      more.add(SchemaType.NULL);
      schema.setType(more);
    }
    return schema;
  }

  private static String name(FieldInfo field) {
    AnnotationInstance named = field.annotation(NAMED);
    return named == null || named.value() == null ? field.name() : named.value().asString();
  }

  private static String name(ClassInfo type) {
    AnnotationInstance schema = type.declaredAnnotation(SCHEMA);
    return schema != null && schema.value("name") != null
        ? schema.value("name").asString()
        : type.simpleName();
  }
}
