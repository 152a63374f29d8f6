package dev.trunkline.api;

import static org.eclipse.microprofile.openapi.OASFactory.createSchema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;
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
  private static final DotName NULLABLE = DotName.createSimple(Nullable.class);
  private static final DotName LIST = DotName.createSimple(List.class);
  private static final String OURS = "dev.trunkline";
  private static final String PREFIX = "#/components/schemas/";

  private final Map<String, ClassInfo> records = new HashMap<>();

  DocumentedNulls(IndexView index) {
    for (ClassInfo type : index.getKnownClasses()) {
      if (type.isRecord() && type.name().toString().startsWith(OURS)) {
        records.put(name(type), type);
      }
    }
  }

  void complete(OpenAPI document) {
    Set<String> asked = new RequestSchemas(document).names();
    Map<String, Schema> schemas = document.getComponents().getSchemas();
    schemas.forEach(
        (name, schema) -> {
          ClassInfo record = records.get(name);
          if (record != null && schema.getProperties() != null) {
            complete(schema, record, asked.contains(name), schemas);
          }
        });
  }

  private static void complete(
      Schema schema, ClassInfo record, boolean asked, Map<String, Schema> schemas) {
    boolean leavesOut = record.hasDeclaredAnnotation(INCLUDE);
    for (RecordComponentInfo component : record.recordComponents()) {
      Schema property = schema.getProperties().get(component.name());
      if (property == null) {
        continue;
      }
      boolean nullable = component.type().hasAnnotation(NULLABLE);
      boolean required = asked ? isRequired(schema, component) : !leavesOut || isThere(component);
      if (nullable && !(leavesOut && !asked) && !(asked && required)) {
        schema.addProperty(component.name(), orNull(property, schemas));
      }
      if (required && !isRequired(schema, component)) {
        schema.addRequired(component.name());
      }
    }
  }

  private static boolean isRequired(Schema schema, RecordComponentInfo component) {
    return schema.getRequired() != null && schema.getRequired().contains(component.name());
  }

  /** In a record whose nulls and empty lists are not written. */
  private static boolean isThere(RecordComponentInfo component) {
    return !component.type().hasAnnotation(NULLABLE) && !component.type().name().equals(LIST);
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

  private static String name(ClassInfo type) {
    AnnotationInstance schema = type.declaredAnnotation(SCHEMA);
    return schema != null && schema.value("name") != null
        ? schema.value("name").asString()
        : type.simpleName();
  }
}
