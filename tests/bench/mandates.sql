-- The twenty mandates of mandates.remit, shaped by hand for SQLite, over weekly.py --raw: days since 1970-01-01. Prints mandate, breached, pending, met.
-- What is reported is summed up by project and week once; all mandates with weekly periods share one pass over projects and weeks, those with monthly ones another.
-- Today is day 20000. A week is numbered by its Monday: (day + 3) / 7.
create temp table week as with recursive w(n) as (select (20000 - 7 * 104 + 3) / 7 union all select n + 1 from w where n < (20000 + 3) / 7) select n, n * 7 - 3 as a, n * 7 + 3 as b from w;
create temp table span(unit, a, b);
insert into span with recursive m(d) as (select '2022-01-01' union all select date(d, '+1 month') from m where d < '2024-10-01')
  select 'month', julianday(d) - 2440587.5, julianday(date(d, '+1 month')) - 2440588.5 from m;
insert into span with recursive q(d) as (select '2022-01-01' union all select date(d, '+3 months') from q where d < '2024-10-01')
  select 'quarter', julianday(d) - 2440587.5, julianday(date(d, '+3 months')) - 2440588.5 from q;
insert into span with recursive y(d) as (select '2022-01-01' union all select date(d, '+1 year') from y where d < '2024-01-01')
  select 'year', julianday(d) - 2440587.5, julianday(date(d, '+1 year')) - 2440588.5 from y;
update span set a = cast(a as integer), b = cast(b as integer);

create temp table reported(project integer, week integer, n integer, red integer, green integer, primary key(project, week)) without rowid;
insert into reported select project, (reported_on + 3) / 7 as w, count(*), sum(rag = 'red'), sum(rag = 'green') from status group by project, w;
create temp table reviewed(project integer, week integer, primary key(project, week)) without rowid;
insert into reviewed select distinct project, (held_on + 3) / 7 from review;

create temp table answer(mandate text, breached integer, pending integer, met integer);

-- state: 0 met, 1 pending, 2 breached, null: not required
create temp table weekly as select
  sum(m01 = 2) b01, sum(m01 = 1) p01, sum(m01 = 0) s01, sum(m02 = 2) b02, sum(m02 = 1) p02, sum(m02 = 0) s02, sum(m03 = 2) b03, sum(m03 = 1) p03, sum(m03 = 0) s03,
  sum(m04 = 2) b04, sum(m04 = 1) p04, sum(m04 = 0) s04, sum(m05 = 2) b05, sum(m05 = 1) p05, sum(m05 = 0) s05, sum(m06 = 2) b06, sum(m06 = 1) p06, sum(m06 = 0) s06,
  sum(m07 = 2) b07, sum(m07 = 1) p07, sum(m07 = 0) s07, sum(m08 = 2) b08, sum(m08 = 1) p08, sum(m08 = 0) s08, sum(m09 = 2) b09, sum(m09 = 1) p09, sum(m09 = 0) s09,
  sum(m10 = 2) b10, sum(m10 = 1) p10, sum(m10 = 0) s10
from (select
  iif(r.n, 0, late) m01,
  iif(tier = 1, iif(r.n, 0, 1 + (w.b + 3 < 20000)), null) m02,
  iif(r.red, late, 0) m03,
  iif(w.a <= due, iif(stage = 'closed' or r.n, 0, late), null) m04,
  iif(stage = 'run', iif(r.green, 0, late), null) m05,
  iif(r.n > 1, late, 0) m06,
  iif(tier = 4, iif(r.red, late, 0), iif(r.n, 0, late)) m07,
  iif(stage in ('plan', 'build') and w.a <= due, iif(r.n, 0, 1 + (w.b + 2 < 20000)), null) m08,
  iif(r.red >= 2, late, 0) m09,
  iif(r.n or v.week, 0, late) m10
  from (select *, (start + 3) / 7 as first from project) p cross join (select *, 1 + (b < 20000) as late from week) w on w.n >= p.first
    left join reported r on r.project = p.id and r.week = w.n left join reviewed v on v.project = p.id and v.week = w.n);
insert into answer
  select 'm01', b01, p01, s01 from weekly union all select 'm02', b02, p02, s02 from weekly union all select 'm03', b03, p03, s03 from weekly union all
  select 'm04', b04, p04, s04 from weekly union all select 'm05', b05, p05, s05 from weekly union all select 'm06', b06, p06, s06 from weekly union all
  select 'm07', b07, p07, s07 from weekly union all select 'm08', b08, p08, s08 from weekly union all select 'm09', b09, p09, s09 from weekly union all
  select 'm10', b10, p10, s10 from weekly;

insert into answer select 'm11', sum(not met and b < 20000), sum(not met and b >= 20000), sum(met) from
  (select w.b + 7 as b, exists (select 1 from reported r where r.project = p.id and r.week between w.n and w.n + 1) met
   from (select id, (start + 3) / 7 as first from project) p cross join week w on w.n >= p.first and (w.n - p.first) % 2 = 0);
create temp table monthly as select s.b, (select count(*) from status t where t.project = p.id and t.reported_on between s.a and s.b limit 3) n,
    exists (select 1 from review v where v.project = p.id and v.held_on between s.a and s.b) reviewed
  from project p cross join span s on s.unit = 'month' and s.b >= p.start and s.a <= 20000;
insert into answer select 'm12', sum(not reviewed and b + 10 < 20000), sum(not reviewed and b + 10 >= 20000), sum(reviewed) from monthly;
insert into answer select 'm13', sum(n < 3 and b < 20000), sum(n < 3 and b >= 20000), sum(n >= 3) from monthly;
insert into answer select 'm14', sum(n < 2 and b < 20000), sum(n < 2 and b >= 20000), sum(n >= 2) from
  (select s.b, (select count(*) from review v where v.project = p.id and v.held_on between s.a and s.b) n
   from project p cross join span s on s.unit = 'quarter' and s.b >= p.start and s.a <= 20000 where tier <= 2);
insert into answer select 'm15', sum(not met and b < 20000), sum(not met and b >= 20000), sum(met) from
  (select s.b, exists (select 1 from review v where v.project = p.id and v.held_on between s.a and s.b) met
   from project p cross join span s on s.unit = 'year' and s.b >= p.start and s.a <= 20000);
insert into answer select 'm16', sum(stage <> 'closed' and due + 30 < 20000), sum(stage <> 'closed' and due + 30 >= 20000), sum(stage = 'closed') from project;
insert into answer select 'm17', sum(not met and start + 60 < 20000), sum(not met and start + 60 >= 20000), sum(met) from
  (select start, exists (select 1 from review v where v.project = p.id and v.held_on <= p.start + 60) met from project p);
insert into answer select 'm18', sum(due < start + 365), 0, sum(due >= start + 365) from project;
insert into answer select 'm19', sum(not met), 0, sum(met) from (select exists (select 1 from review v where v.project = p.id) met from project p where tier = 1);
insert into answer select 'm20', sum(not met), 0, sum(met) from
  (select exists (select 1 from status t where t.project = p.id and t.reported_on >= 20000 - 14) met from project p where stage <> 'closed');
select * from answer order by 1;
