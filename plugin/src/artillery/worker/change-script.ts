import type { RunSettings } from '../../config/index.ts';
import type { ArtilleryScript } from '../shared/artillery.ts';
import { type TlsOptions, tlsForEngine } from '../shared/tls.ts';

/** Writes what environment variables and the plugin's block say into the script that this worker is about to run. */
export function changeScript(script: ArtilleryScript, settings: RunSettings, tls: TlsOptions): void {
  const { config } = script;
  config.target = settings.target;
  config.variables = { ...config.variables, ...settings.variables };
  if (config.tls !== undefined) config.tls = tlsForEngine(tls);
  changeArrivals(config, settings.contenders);
}

function changeArrivals(config: ArtilleryScript['config'], { arrivals, areAll }: RunSettings['contenders']): void {
  const phase = config.phases?.find(({ arrivalCount }) => arrivalCount !== undefined);
  if (arrivals === undefined || phase === undefined) return;
  phase.arrivalCount = arrivals;
  // Artillery rounds the time between two arrivals down: told to start 1,500 users in a second, it starts 1,501.
  phase.maxVusers ??= arrivals;
  // Arrivals take less than a second, and all wait for the last one. A suite cannot write less than a second itself: a
  // duration with a unit makes Artillery start idle workers, of 85 MB each.
  if (areAll && Number(phase.duration) === 1) phase.duration = '500ms';
}
