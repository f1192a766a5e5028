-- What a step's numbers say, as JSON; NULL where a harness compared them itself.
ALTER TABLE step_detail ADD COLUMN comparison TEXT;
-- Per cent until then; the table's other readers take it for a fraction.
UPDATE step_result SET delta = delta / 100.0;

-- Other programs delete rows of these views to have them made anew. What a row said is then no longer relied on.
CREATE TRIGGER benchmark_dep_deleted INSTEAD OF DELETE ON benchmark_dep BEGIN
    UPDATE instance SET always_affected = 'another program deleted its dependencies'
    WHERE always_affected IS NULL AND EXISTS(
        SELECT 1 FROM benchmark b, generation g
        WHERE g.id = instance.generation AND g.state = 'complete' AND b.generation = g.id AND b.id = instance.benchmark
            AND iif(instance.param IS NULL, b.name, b.name || '-' || instance.param) = OLD.benchmark_id); END;
CREATE TRIGGER benchmark_meta_deleted INSTEAD OF DELETE ON benchmark_meta BEGIN
    DELETE FROM benchmark_dep WHERE benchmark_id = OLD.benchmark_id; END;
