/**
 * Maintenance of the whole exchange, as it announces it. Source: okx-v5.md §1.6; decision 0028.
 *
 * While one runs that stops trading nothing is added (gate `halted`), whether the exchange says that it runs or its announced time has come; exits go
 * on being tried. A person is told when one is planned, begins and is over: what is open is theirs to think about before.
 */
import { alert } from '../alert.ts';
import type { MaintenanceFacts } from '../decision.ts';
import type { MaintenanceSaid, MaintenanceWindow } from '../event.ts';
import type { Registry } from '../registry.ts';

/** @returns whether trading stops by it: what would still grow is to be called back */
export function hearMaintenance(registry: Registry, { windows }: MaintenanceSaid): boolean {
  const before = registry.maintenance;
  registry.maintenance = windows;
  for (const each of windows) {
    const known = before.find((other) => isSame(other, each));
    if (known?.state === each.state && known.begin === each.begin && known.end === each.end) continue;
    // That a running one takes longer is news; that a planned one runs is told as such.
    alert(registry, undefined, { code: `maintenance-${each.state}`, ...factsOf(each) });
  }
  for (const each of before)
    if (!windows.some((other) => isSame(other, each)))
      alert(registry, undefined, { code: 'maintenance-over', ...factsOf(each) });
  return maintenanceOf(registry) !== undefined;
}

/** The maintenance that trading stands still for now; undefined: none. */
export function maintenanceOf({
  maintenance,
  now,
}: Pick<Registry, 'maintenance' | 'now'>): MaintenanceWindow | undefined {
  if (maintenance.length === 0) return undefined;
  return maintenance.find((each) => each.stopsTrading && (each.state === 'running' || isDue(each, now)));
}

/** A planned one whose time has come, though nobody has said that it runs. */
function isDue({ begin, end }: MaintenanceWindow, now: number): boolean {
  return begin !== undefined && begin <= now && (end === undefined || now < end);
}

function isSame(a: MaintenanceWindow, b: MaintenanceWindow): boolean {
  return a.title === b.title && a.service === b.service;
}

function factsOf({ title, begin, end, stopsTrading }: MaintenanceWindow): MaintenanceFacts {
  return {
    title,
    ...(begin === undefined ? {} : { begin }),
    ...(end === undefined ? {} : { end }),
    stopsTrading,
  };
}
