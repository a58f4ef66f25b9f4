/** The profile by balance (ladder.md §2): rising at the threshold, falling only some per cent below it. */
import { type Arithmetic } from '../numbers/arithmetic.ts';
import { type Decimal, HUNDRED } from '../numbers/decimal.ts';
import { type Policy, PROFILES, type Profile } from '../policy.ts';

/**
 * The profile that a balance leads to. `current` is the profile so far; undefined: none yet, no hysteresis (as in `decide`).
 */
export function profileOf<N>(m: Arithmetic<N>, policy: Policy, balance: N, current?: Profile): Profile {
  const reached = profileBelow(m, policy, balance, m.one);
  if (current === undefined || PROFILES.indexOf(reached) >= PROFILES.indexOf(current)) return reached;
  const kept = m.over(m.minus(m.of(HUNDRED), m.of(policy.limits.profileHysteresisPercent)), m.of(HUNDRED));
  const fallen = profileBelow(m, policy, balance, kept);
  return PROFILES.indexOf(fallen) >= PROFILES.indexOf(current) ? current : fallen;
}

function profileBelow<N>(m: Arithmetic<N>, policy: Policy, balance: N, share: N): Profile {
  for (const profile of PROFILES) {
    const below: Decimal | undefined = policy.profiles[profile].below;
    if (below === undefined || m.compare(balance, m.times(m.of(below), share)) < 0) return profile;
  }
  return 'large';
}
