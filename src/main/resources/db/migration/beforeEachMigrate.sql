-- Flyway puts its schema in front of the session's search_path before each migration, and takes it
-- back on the same connection when all is done. Through a pooler in transaction mode that reaches
-- another server connection, and the changed one is handed to others. Taken back here, within the
-- migration's transaction, it does not last. So migrations name the schema of whatever they touch.
reset search_path;

-- A migration takes as long as it takes. It waits for nobody's lock for long, who would in turn be waited for by all: it
-- fails then, and is tried again.
set local statement_timeout = 0;
