import type { TestDatabase } from "../services/harness/postgres.ts";

/**
 * Lets `now()` of a database be what we say, for all who connect from now on, and `clock_timestamp()` with it: functions
 * of these names stand before the system's in the search path, and the defaults of columns are bound to it. Statements of the product stay as they
 * are.
 */
export async function simulateTime(database: TestDatabase, at: Date): Promise<void> {
  await database.query(`
    create schema sim;
    create table sim.clock (at timestamptz not null);
    create function sim.now() returns timestamptz language sql stable as 'select at from sim.clock';
    create function sim.clock_timestamp() returns timestamptz language sql stable as 'select at from sim.clock';
    grant usage on schema sim to public;
    grant select on sim.clock to public;
    do $$
    declare found record;
    begin
      for found in
        select c.oid::regclass as relation, a.attname as name
          from pg_attrdef d
          join pg_class c on c.oid = d.adrelid
          join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
         where pg_get_expr(d.adbin, d.adrelid) = 'now()'
      loop
        execute format('alter table %s alter column %I set default sim.now()', found.relation, found.name);
      end loop;
    end $$;
    alter database ${database.name} set search_path = sim, public, pg_catalog;`);
  await database.query("insert into sim.clock values ($1)", [at]);
}

export async function setTime(database: TestDatabase, at: Date): Promise<void> {
  await database.query("update sim.clock set at = $1", [at]);
}
