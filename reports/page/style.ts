/** The page's whole style: it loads nothing. */
export const style = `
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --line: #d9dde3; --grid: #e8ebef; --text: #1d2430; --quiet: #59626f;
  --current: #2563c9; --on-current: #fff; --previous: #9dbdf2; --stripe: #5d86cc; --tail: #8a94a3;
  --freeze: #c9d3df; --today: #c2410c; --bad: #b42318; --bad-page: #fdecea; --warn: #8a5a00; --warn-page: #fdf3dc;
  --good: #1a7f4b; --hold: #8f5c12; --focus: #111827; --shade: #1d243055; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12161c; --card: #1a2028; --line: #323b47; --grid: #262e38; --text: #e6eaf0; --quiet: #9da8b6;
  --current: #5b93f0; --on-current: #0a1322; --previous: #2e4a78; --stripe: #6f97d8; --tail: #78838f;
  --freeze: #39424f; --today: #fb923c; --bad: #ff8a7d; --bad-page: #3b1d1b; --warn: #f0c063; --warn-page: #362a12;
  --good: #5fd39a; --hold: #f0b94a; --focus: #fff; --shade: #000c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI",
  Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem; }
header, main, footer { max-width: 90rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 1.5rem; } footer { padding-bottom: 2rem; color: var(--quiet); font-size: .85rem; }
h1 { font-size: 1.35rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0 0 .5rem; } h3 { font-size: 1rem; margin: 0; }
.meta { color: var(--quiet); margin: .1rem 0 1rem; font-size: .85rem; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; } nav a { color: var(--current); display: inline-block; margin-right: 1rem; } nav a:last-child { margin-right: 0; }
section { --ground: var(--card); background: var(--ground); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem; margin: 0 0 1rem; }
.summary { font-size: 1.05rem; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
.summary.bad { color: var(--bad); }
.summary.warning { color: var(--warn); }
.summary.fine { color: var(--good); }
section.bad { --ground: var(--bad-page); border-color: var(--bad); } section.warn { --ground: var(--warn-page); border-color: var(--warn); }
li.wider { color: var(--bad); font-weight: 600; }
ul.plain { margin: 0; padding-left: 1.2rem; } ul.plain li { margin: .2rem 0; overflow-wrap: anywhere; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 0 0 .75rem; }
.controls[hidden] { display: none; }
input[type=search] { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--tail); border-radius: 6px;
  padding: .35rem .6rem; width: 18rem; max-width: 100%; }
.controls label { display: inline-flex; gap: .35rem; align-items: center; }
#count { color: var(--quiet); margin-left: auto; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.rows { position: relative; }
/* Shadows at the edges that something lies behind. */
.scroll { overflow-x: auto; background: linear-gradient(to right, var(--ground) 40%, transparent) left / 3rem 100% no-repeat local,
  linear-gradient(to left, var(--ground) 40%, transparent) right / 3rem 100% no-repeat local,
  linear-gradient(to right, var(--shade), transparent) left / 1rem 100% no-repeat scroll,
  linear-gradient(to left, var(--shade), transparent) right / 1rem 100% no-repeat scroll; }
.scroll:has(> .chart) { overflow-x: visible; background: none; }
.axis { position: sticky; top: 0; background: var(--ground); z-index: 2; }
.chart ol { list-style: none; margin: 0; padding: 0; position: relative; }
.row, .axis { display: grid; grid-template-columns: 15rem 1fr; align-items: center; }
.row { border-top: 1px solid var(--line); min-height: 3rem; } .row[hidden], tr[hidden], section[hidden] { display: none; }
.row { scroll-margin-top: 3rem; } .who .tag { white-space: normal; }
.row:hover { background: color-mix(in srgb, var(--current) 7%, transparent); }
.who { padding: .35rem .75rem .35rem 0; min-width: 0; overflow-wrap: anywhere; }
.who p { margin: 0; color: var(--quiet); font-size: .8rem; line-height: 1.35; } .who h3 { font-size: .93rem; line-height: 1.3; }
.back { position: absolute; left: 15rem; right: 0; top: 0; bottom: 0; width: calc(100% - 15rem); height: 100%; pointer-events: none; }
svg { display: block; width: 100%; overflow: visible; font: 11px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.month { fill: var(--quiet); } .grid { stroke: var(--grid); } .frozen { fill: url(#freeze); } .freeze-mark { stroke: var(--freeze); }
.today { stroke: var(--today); stroke-width: 1.5; } .today-text { fill: var(--today); font-weight: 600; }
.current { fill: var(--current); } .previous { fill: url(#overlap); stroke: var(--stripe); } .previous-page { fill: var(--previous); }
.waiting { fill: none; stroke: var(--stripe); stroke-dasharray: 4 3; }
.stripe { stroke: var(--stripe); } .tail { stroke: var(--tail); stroke-width: 2; stroke-dasharray: 2 3; } .end { stroke: var(--tail); stroke-width: 2; }
.risk .end { stroke: var(--bad); stroke-width: 4; } .held .current { stroke: var(--hold); stroke-width: 3; }
.leaked .current, .leaked .previous { fill: var(--bad); stroke: none; } .leaked .tail, .leaked .end { stroke: var(--bad); }
.proof circle { fill: var(--good); stroke: var(--card); stroke-width: 2; } .proof.failed circle { fill: var(--bad); }
.proof text { fill: var(--card); font-weight: 700; pointer-events: none; }
.name { fill: var(--on-current); font-weight: 600; pointer-events: none; }
.bar { outline: none; } .bar:focus-visible .hit, .bar:hover .hit { stroke: var(--focus); stroke-width: 2; } .hit { fill: transparent; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 .75rem; padding: 0; list-style: none; color: var(--quiet); font-size: .85rem; }
.legend li { display: inline-flex; gap: .4rem; align-items: center; } .legend svg { width: 28px; height: 12px; flex: none; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--quiet); font-weight: 600; font-size: .85rem; } td { overflow-wrap: anywhere; } td.date, td.what, th { white-space: nowrap; } th[scope=row] { white-space: normal; overflow-wrap: anywhere; min-width: 7rem; }
td ul { margin: 0; padding-left: 1rem; } .quiet { color: var(--quiet); }
.tag { display: inline-block; border-radius: 5px; padding: 0 .45rem; font-size: .82rem; font-weight: 600; white-space: nowrap; border: 1px solid; }
.tag.red { color: var(--bad); background: var(--bad-page); } .tag.yellow { color: var(--warn); background: var(--warn-page); }
.tag.good { color: var(--good); } .tag.hold { color: var(--hold); } code { font: .92em ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; }
.none { color: var(--quiet); padding: 1rem 0; margin: 0; } .none[hidden] { display: none; }
.bad td { min-width: 9rem; } .bad td:first-child { white-space: nowrap; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.cards { list-style: none; margin: .75rem 0 0; padding: 0; } .cards > li { border-top: 1px solid var(--line); padding: .5rem 0; overflow-wrap: anywhere; }
.cards > li:first-child { border-top: 0; padding-top: 0; } .cards > li:last-child { padding-bottom: 0; } .cards p { margin: .15rem 0 0; } main a { color: var(--current); }
.more { grid-column: 1 / -1; position: relative; z-index: 1; background: var(--ground); color: var(--quiet); font-size: .85rem; padding-bottom: .35rem; }
.more summary { cursor: pointer; padding: .15rem 0; } .more summary > span { margin-right: 1rem; white-space: nowrap; }
.more[open] { padding-bottom: .75rem; } .more dl { display: grid; grid-template-columns: 7rem 1fr; gap: .25rem .75rem; margin: .35rem 0 0; color: var(--text); }
.more dt { color: var(--quiet); } .more dd { margin: 0; overflow-wrap: anywhere; } .more ul, .more ol { margin: 0; padding: 0; list-style: none; position: static; }
.yes { color: var(--good); } .no { color: var(--bad); } .future { color: var(--quiet); }
@media (max-width: 60rem) { table { min-width: 46rem; } header, main, footer { padding-left: .75rem; padding-right: .75rem; } section { padding: .75rem; }
  .row, .axis { grid-template-columns: 10rem 1fr; } .back { left: 10rem; width: calc(100% - 10rem); } .name { display: none; } }
@media (max-width: 60rem) { .month:nth-of-type(2n) { display: none; } }
@media (max-width: 40rem) { .row, .axis { grid-template-columns: minmax(0, 1fr); } .back { left: 0; width: 100%; } .axis > span { display: none; }
  .month:not(:nth-of-type(4n + 1)) { display: none; } .who { position: relative; z-index: 1; background: var(--ground); }
  .controls label:first-child, input[type=search] { width: 100%; } #count { margin-left: 0; } .more dl { grid-template-columns: 1fr; gap: 0; } .more dd { margin-bottom: .4rem; } }
@media (forced-colors: active) { .current, .previous { stroke: CanvasText; } }
@media print { .controls, nav { display: none; } section { break-inside: avoid; } }
`;
