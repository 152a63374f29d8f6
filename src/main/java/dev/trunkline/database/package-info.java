/**
 * The ground the rooms stand on: the schema ({@link dev.trunkline.database.Migration}), group
 * commit, the meaning of PostgreSQL's error codes, and the embedded PostgreSQL of development mode.
 */
@NullMarked
package dev.trunkline.database;

import org.jspecify.annotations.NullMarked;
