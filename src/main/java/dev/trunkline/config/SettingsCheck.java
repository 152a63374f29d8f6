package dev.trunkline.config;

import io.quarkus.runtime.annotations.StaticInitSafe;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValidationException.Problem;
import io.smallrye.config.ConfigValidator;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import io.smallrye.config.WithName;
import io.smallrye.config.common.utils.StringUtil;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds the settings to their {@link Bounds} and {@link Matches}, before anything else starts.
 *
 * <p>Bean Validation would do it, too; but Quarkus makes a validator for it alone, which knows each
 * settings class of every extension, and is slow to make (docs/adr/0021). It makes it as soon as
 * one settings class has one such constraint, and puts it in the place of this check. Values are
 * not told: some are secrets.
 */
@StaticInitSafe
public final class SettingsCheck implements SmallRyeConfigBuilderCustomizer, ConfigValidator {

  private static final String PACKAGE = TrunklineConfig.class.getPackageName();

  @Override
  public void configBuilder(SmallRyeConfigBuilder builder) {
    builder.withValidator(this);
  }

  /**
   * @throws ConfigValidationException naming every setting that is out of bounds, in the order of
   *     their names
   */
  @Override
  public void validateMapping(Class<?> mapping, String prefix, Object settings) {
    if (mapping != TrunklineConfig.class) {
      return;
    }
    Problem[] problems =
        faults(prefix, mapping, settings).sorted().map(Problem::new).toArray(Problem[]::new);
    if (problems.length > 0) {
      throw new ConfigValidationException(problems);
    }
  }

  private static Stream<String> faults(String prefix, Class<?> group, Object settings) {
    return Arrays.stream(group.getMethods())
        .flatMap(
            method -> {
              String name = prefix + "." + name(method);
              return values(name, value(method, settings))
                  .flatMap(of -> faults(of.getKey(), method, of.getValue()));
            });
  }

  private static Stream<String> faults(String name, Method method, Object value) {
    Class<?> type = element(method.getGenericReturnType());
    return isGroup(type)
        ? faults(name, type, value)
        : fault(method, value).stream().map(fault -> name + " " + fault);
  }

  private static Optional<String> fault(Method method, Object value) {
    Bounds bounds = method.getAnnotation(Bounds.class);
    if (bounds != null) {
      return fault(bounds, value);
    }
    Matches matches = method.getAnnotation(Matches.class);
    return matches == null || value.toString().matches(matches.value())
        ? Optional.empty()
        : Optional.of(
            matches.message().isEmpty()
                ? "must match %s".formatted(matches.value())
                : matches.message());
  }

  private static Optional<String> fault(Bounds bounds, Object value) {
    if (compare(value, bounds.atLeast()) < 0) {
      return Optional.of("must be at least " + bounds.atLeast());
    }
    return !bounds.atMost().isEmpty() && compare(value, bounds.atMost()) > 0
        ? Optional.of("must be at most " + bounds.atMost())
        : Optional.empty();
  }

  private static int compare(Object value, String bound) {
    return value instanceof Duration duration
        ? duration.compareTo(DurationConverter.parseDuration(bound))
        : Long.compare(((Number) value).longValue(), Long.parseLong(bound));
  }

  /** The single values of a setting by name: of a map, a list, or an {@code Optional} as well. */
  private static Stream<Map.Entry<String, Object>> values(String name, Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.stream().flatMap(inner -> values(name, inner));
      case Collection<?> several -> several.stream().flatMap(each -> values(name, each));
      case Map<?, ?> named ->
          named.entrySet().stream()
              .flatMap(entry -> values(name + "." + key(entry.getKey()), entry.getValue()));
      default -> Stream.of(Map.entry(name, value));
    };
  }

  /** In quotes where it would else be taken for more than one name. */
  private static String key(Object key) {
    String plain = key.toString();
    return plain.matches("[\\w-]+") ? plain : '"' + plain + '"';
  }

  static boolean isGroup(Class<?> type) {
    return type.isInterface() && type.getPackageName().equals(PACKAGE);
  }

  /** What a map, a list or an {@code Optional} holds; any other type itself. */
  static Class<?> element(Type type) {
    return switch (type) {
      case ParameterizedType generic ->
          element(List.of(generic.getActualTypeArguments()).getLast());
      case Class<?> plain -> plain;
      default -> throw new IllegalStateException("no setting can be a " + type);
    };
  }

  private static String name(Method method) {
    WithName given = method.getAnnotation(WithName.class);
    return given == null ? StringUtil.skewer(method.getName()) : given.value();
  }

  private static Object value(Method method, Object settings) {
    try {
      return method.invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a setting cannot be read: " + method, e);
    }
  }
}
