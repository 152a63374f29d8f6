package dev.trunkline.handlers.example;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What {@code example.count-lines} answers. */
@RegisterForReflection
public record LineCount(long lines) {}
