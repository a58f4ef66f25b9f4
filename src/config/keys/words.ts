/**
 * What every key means, in a line: English for the JSON Schema and the template, Russian for the template.
 *
 * `*` stands for one name (a profile, a regime, a symbol). A key that ends in `.*` explains the whole group at once.
 */
export type Language = 'en' | 'ru';

/** The same in both languages. */
export type Words = Readonly<Record<Language, string>>;

type Meaning = readonly [en: string, ru: string];

/** Every meaning, by the pattern of its key. */
export const WORDS: Readonly<Record<string, Meaning>> = {
  account: ['The account', 'Счёт'],
  'account.name': [
    'Name of the account; its journal lies in a folder of this name',
    'Имя счёта; журнал лежит в папке с этим именем',
  ],
  'account.balance': [
    'Balance of plan and check, and at the start of backtest, demo and paper, USDT; live the exchange says it',
    'Баланс для plan и check и начальный для бэктеста, демо и paper, USDT; в live его говорит биржа',
  ],

  symbols: ["Perpetual swaps to trade, by OKX's names", 'Какими бессрочными свопами торговать (имена OKX)'],

  timeframes: ['Candles, built from closed one-minute candles', 'Свечи, собираются из закрытых минутных'],
  'timeframes.signal': ['Candles of the signal', 'Свечи для сигнала'],
  'timeframes.regime': ['Candles of the market regime', 'Свечи для режима рынка'],
  'timeframes.atr': ['Candles of the ATR', 'Свечи для ATR'],

  position_scaling: ['The ladder of additions', 'Лестница добавлений'],
  'position_scaling.preset': [
    'conservative, aggressive or adaptive; keys beside it override it',
    'conservative, aggressive или adaptive; ключи рядом важнее',
  ],
  'position_scaling.max_additions': ['Additions to a position at most', 'Не больше добавлений к позиции'],
  'position_scaling.min_interval_seconds': [
    'Seconds between additions at least',
    'Не меньше секунд между добавлениями',
  ],
  'position_scaling.max_loss_for_addition': ['No addition below this PnL, %', 'Не добавлять при PnL ниже, %'],
  'position_scaling.ladder': [
    'Share of the base that each addition buys; the last repeats',
    'Доля базы в каждом добавлении; последняя повторяется',
  ],
  'position_scaling.profile_multiplier.*': [
    "Multiplies the ladder's steps by profile",
    'Множитель лестницы по размеру баланса',
  ],
  'position_scaling.by_balance': [
    'Beats the general values above; general: they hold',
    'Важнее общих значений выше; general: действуют общие',
  ],
  'position_scaling.by_balance.*.max_additions': [
    'Additions at most in this profile, or general',
    'Не больше добавлений для этого баланса или general',
  ],
  'position_scaling.by_balance.*.min_interval_seconds': [
    'Seconds between additions in this profile, or general',
    'Секунд между добавлениями для этого баланса или general',
  ],
  'position_scaling.by_balance.*.max_loss_for_addition': [
    'No addition below this PnL in this profile, %, or general',
    'Не добавлять при PnL ниже для этого баланса, %, или general',
  ],
  'position_scaling.by_balance.*.ladder': [
    'A ladder of its own (its profile multiplier is then 1), or general',
    'Своя лестница (множитель баланса тогда 1) или general',
  ],
  'position_scaling.by_regime': ['By market regime; off: nothing special', 'По режиму рынка; off: без особых правил'],
  'position_scaling.by_regime.*.ladder_multiplier': [
    "Multiplies the ladder's steps in this regime",
    'Множитель лестницы в этом режиме',
  ],
  'position_scaling.by_regime.*.max_loss_for_addition': [
    'No addition below this PnL in this regime, %, or off',
    'Не добавлять при PnL ниже в этом режиме, %, или off',
  ],
  'position_scaling.by_regime.*.max_additions_override': [
    'Additions at most in this regime, or off; the smaller number holds',
    'Не больше добавлений в этом режиме или off; действует меньшее',
  ],
  'position_scaling.by_regime.*.min_profit_for_addition': [
    'No addition below this profit in this regime, %, or off',
    'Не добавлять при прибыли ниже в этом режиме, %, или off',
  ],
  'position_scaling.by_symbol': [
    'By symbol, beats by_balance; like {BTC-USDT-SWAP: {max_additions: 2}}',
    'По инструменту, важнее by_balance; например {BTC-USDT-SWAP: {max_additions: 2}}',
  ],
  'position_scaling.by_symbol.*.max_additions': [
    'Additions at most for this symbol; the smaller number holds',
    'Не больше добавлений для инструмента; действует меньшее',
  ],
  'position_scaling.by_symbol.*.min_interval_seconds': [
    'Seconds between additions for this symbol',
    'Секунд между добавлениями для инструмента',
  ],
  'position_scaling.by_symbol.*.max_loss_for_addition': [
    'No addition below this PnL for this symbol, %',
    'Не добавлять при PnL ниже для инструмента, %',
  ],
  'position_scaling.by_symbol.*.ladder': [
    'A ladder of its own (its profile multiplier is then 1)',
    'Своя лестница (множитель баланса тогда 1)',
  ],
  'position_scaling.base_size': [
    'auto: the base is planned so that the whole ladder fits; or {small: 50, medium: 100, large: 200} USDT',
    'auto: база такая, чтобы вся лестница поместилась; или {small: 50, medium: 100, large: 200} USDT',
  ],
  'position_scaling.base_size.*': ['Fixed base, USDT', 'Фиксированная база, USDT'],
  'position_scaling.strength_floor': [
    'Share of the planned base that the weakest signal gets',
    'Доля базы при самом слабом сигнале',
  ],
  'position_scaling.loss_basis': ['PnL % of margin or of price', 'PnL в % от margin (маржи) или price (цены)'],
  'position_scaling.loss_limit_rule': [
    'Of two loss limits: stricter, or that of the regime',
    'Из двух пределов убытка: stricter (строже) или regime (режима)',
  ],
  'position_scaling.on_limit': [
    'An addition that meets a limit: refuse, or shrink it',
    'Добавление упёрлось в лимит: refuse (отказать) или shrink (уменьшить)',
  ],
  'position_scaling.additions_at_position_limit': [
    'At the limit of open positions additions: allow or refuse',
    'При полном числе позиций добавления: allow или refuse',
  ],
  'position_scaling.min_addition_value': ['Smallest addition, USDT', 'Наименьшее добавление, USDT'],

  profiles: ['Limits by balance', 'Лимиты по размеру баланса'],
  'profiles.*.below': [
    'Balance from which the next profile begins, USDT',
    'Баланс, с которого начинается следующий профиль, USDT',
  ],
  'profiles.*.max_margin_percent': [
    'Margin of one position at most, % of balance',
    'Маржа одной позиции не больше, % баланса',
  ],
  'profiles.*.min_position_value': ['Smallest entry, USDT', 'Наименьший вход, USDT'],
  'profiles.*.max_position_value': ['Largest position, USDT', 'Наибольшая позиция, USDT'],
  'profiles.*.max_open_positions': ['Open positions at most', 'Не больше открытых позиций'],

  limits: ['Limits of the whole book', 'Общие лимиты'],
  'limits.profile_hysteresis_percent': [
    'The smaller profile returns this far below its threshold, %',
    'Меньший профиль возвращается при балансе ниже порога на, %',
  ],
  'limits.margin_reserve': ['Share of free margin that stays free', 'Доля свободной маржи, которая остаётся свободной'],
  'limits.max_total_exposure': [
    'Value of everything open at most, as a multiple of the balance',
    'Стоимость всего открытого не больше, в балансах',
  ],
  'limits.liquidation_distance_multiple': [
    'Liquidation at least this many stop distances away',
    'До ликвидации не меньше стольких расстояний до стопа',
  ],
  'limits.price_age_max_ms': ['Oldest price to decide by, ms, or off', 'Самая старая цена для решений, мс, или off'],
  'limits.price_move_max_percent': [
    "Largest move since the signal's price, %",
    'Наибольший сдвиг цены после сигнала, %',
  ],
  'limits.regime_margin_points.*': [
    'Points added to max_margin_percent by regime',
    'Пункты к max_margin_percent по режиму',
  ],
  'limits.regime_value_factor.*': ['Multiplies max_position_value by regime', 'Множитель max_position_value по режиму'],
  'limits.max_loss_per_position': [
    'Loss of a position at its stop at most, % of balance',
    'Убыток позиции на стопе не больше, % баланса',
  ],
  'limits.max_worst_case_loss': [
    'Worst case of the whole book at most, % of balance',
    'Худший исход всего портфеля не больше, % баланса',
  ],
  'limits.shock_atr': [
    'The shock that plan and live view show: every market so many ATR against the book at once',
    'Шок, который показывают план и экран: все рынки разом на столько ATR против портфеля',
  ],
  'limits.daily_loss_limit': [
    "Loss of the UTC day that halts entries and additions, % of the day's first balance",
    'Убыток за сутки UTC, при котором входы и добавления стоят, % баланса на начало суток',
  ],
  'limits.max_funding_against': [
    'Funding due within the time limit at most, %',
    'Фандинг за время удержания не больше, %',
  ],
  'limits.trend_against': [
    'A trend against the position counts as choppy, refuses, or counts as the same',
    'Тренд против позиции: choppy, refuse (отказ) или same (как есть)',
  ],

  partial_take_profit: [
    'Partial take-profits; what is too small is held',
    'Частичная фиксация; слишком малое не закрывается',
  ],
  'partial_take_profit.min_fraction': [
    'A larger position closes a smaller share, but not below this',
    'Большая позиция закрывается меньшей долей, но не ниже этой',
  ],
  'partial_take_profit.min_value.*': ['Smallest part worth closing, USDT', 'Наименьшая закрываемая часть, USDT'],
  'partial_take_profit.min_value_factor.*': ['Multiplies min_value by regime', 'Множитель min_value по режиму'],
  'partial_take_profit.min_value_cap': [
    'min_value × factor is never above this, USDT',
    'min_value × множитель не выше этого, USDT',
  ],
  'partial_take_profit.min_net_profit': [
    'A part must earn more than this net of fees, USDT',
    'Часть должна принести больше после комиссий, USDT',
  ],
  'partial_take_profit.steps': [
    'at: share of the way to the target; fraction: of the position then',
    'at: доля пути до цели; fraction: доля позиции в этот момент',
  ],

  exits: ['Exits, net of costs', 'Выходы, после расходов'],
  'exits.target_atr.*': ['Take-profit distance, ATR', 'Расстояние до тейк-профита, ATR'],
  'exits.stop_atr.*': ['Stop distance, ATR', 'Расстояние до стопа, ATR'],
  'exits.time_limit_minutes.*': [
    'Longest stay from the first entry, minutes',
    'Удержание от первого входа не дольше, минут',
  ],
  'exits.min_stop_percent': ['The stop is never nearer than this, % of price', 'Стоп не ближе, % цены'],
  'exits.min_stop_costs': [
    '... nor than this many round-trip costs',
    '... и не ближе стольких полных расходов на сделку',
  ],
  'exits.stop_trigger': [
    'The stop triggers on mark or last price; one that stands already keeps what it was placed with',
    'Стоп срабатывает по цене mark или last; уже стоящий стоп остаётся, каким был поставлен',
  ],
  'exits.breakeven_percent.*': [
    'Profit net of costs from which the stop goes to breakeven, % of price',
    'Прибыль после расходов, с которой стоп переходит в безубыток, % цены',
  ],
  'exits.trailing': ['A trailing stop, or off', 'Скользящий стоп или off'],
  'exits.trailing.activation_percent': [
    'Profit net of costs that starts it, % of price',
    'Прибыль после расходов, с которой он включается, % цены',
  ],
  'exits.trailing.distance_atr': ['Its distance, ATR at entry', 'Его расстояние, ATR на входе'],
  'exits.trailing.step_share': [
    'It follows in steps of this share of its distance',
    'Следует шагами в эту долю расстояния',
  ],
  'exits.extension': ['More time for a winner', 'Больше времени прибыльной позиции'],
  'exits.extension.min_adx': ['ADX above this', 'ADX выше'],
  'exits.extension.min_profit_percent': [
    'Profit net of costs at least, % of price',
    'Прибыль после расходов не меньше, % цены',
  ],
  'exits.extension.time_share.*': [
    'Each adds this share of the first time limit',
    'Каждое добавляет такую долю первого срока',
  ],
  'exits.extension.target_factor': ['... and multiplies the target', '... и умножает цель'],
  'exits.extension.max_times': ['Extensions at most', 'Не больше продлений'],
  'exits.liquidation_guard_share': [
    'Closes at this share of the way to liquidation',
    'Закрывает на этой доле пути до ликвидации',
  ],

  signals: ['Indicators, market regime and the built-in scalper', 'Индикаторы, режим рынка и встроенный скальпер'],
  'signals.atr_period': ['Candles of the ATR', 'Период ATR, свечей'],
  'signals.mean_atr_candles': ['Candles of its mean (288 of 5m are a day)', 'Период его среднего (288 по 5m: сутки)'],
  'signals.regime': ['How the market regime is scored', 'Как оценивается режим рынка'],
  'signals.regime.atr_period': ['Candles of the ATR of distance and width', 'Период ATR для расстояния и ширины'],
  'signals.regime.adx_period': ['Candles of ADX and DI', 'Период ADX и DI'],
  'signals.regime.sma_period': ['Candles of the SMA', 'Период SMA'],
  'signals.regime.range_period': ['Candles of the range', 'Период диапазона'],
  'signals.regime.reversals_period': ['Candles in which reversals are counted', 'Свечи, в которых считаются развороты'],
  'signals.regime.volume_period': ['Candles of the mean volume', 'Период среднего объёма'],
  'signals.regime.ramps': ['A feature is 0 at and below from, 1 at and above to', 'Признак 0 до from, 1 после to'],
  'signals.regime.ramps.*.*': ['A feature is 0 at and below from, 1 at and above to', 'Признак 0 до from, 1 после to'],
  'signals.regime.weights': ['Weights of the features; each regime sums to 1', 'Веса признаков; сумма по режиму 1'],
  'signals.regime.weights.*.*': ['Weight of a feature in a regime', 'Вес признака в режиме'],
  'signals.regime.min_wins': [
    'A new regime must win so many times in a row',
    'Новый режим должен победить столько раз подряд',
  ],
  'signals.regime.hold_minutes': [
    '... and the old one must have lasted so long, minutes',
    '... а старый длиться не меньше, минут',
  ],
  'signals.regime.interrupt_score': [
    'Choppy interrupts at this score without either',
    'При таком счёте choppy наступает сразу',
  ],
  'signals.scalper': ['The built-in scalper', 'Встроенный скальпер'],
  'signals.scalper.enabled': ['off where signals come from elsewhere', 'off, если сигналы приходят извне'],
  'signals.scalper.ema_fast_period': ['Candles of the fast EMA', 'Период быстрой EMA'],
  'signals.scalper.ema_slow_period': ['Candles of the slow EMA', 'Период медленной EMA'],
  'signals.scalper.sma_period': ['Candles of the SMA', 'Период SMA'],
  'signals.scalper.rsi_period': ['Candles of the RSI', 'Период RSI'],
  'signals.scalper.rsi_extreme': [
    'RSI below is extreme for a long, above 100 minus it for a short',
    'RSI ниже: крайность для лонга, выше 100 минус это: для шорта',
  ],
  'signals.scalper.rsi_weak': [
    'RSI below and rising speaks for a long; mirrored for a short',
    'RSI ниже и растёт: за лонг; зеркально за шорт',
  ],
  'signals.scalper.macd_fast_period': ['Fast candles of the MACD', 'Быстрый период MACD'],
  'signals.scalper.macd_slow_period': ['Slow candles of the MACD', 'Медленный период MACD'],
  'signals.scalper.macd_signal_period': ['Signal candles of the MACD', 'Сигнальный период MACD'],
  'signals.scalper.bollinger_period': ['Candles of the Bollinger bands', 'Период полос Боллинджера'],
  'signals.scalper.bollinger_deviations': ['Outer band, standard deviations', 'Внешняя полоса, стандартных отклонений'],
  'signals.scalper.volume_period': ['Candles of the mean volume', 'Период среднего объёма'],
  'signals.scalper.volume_ratio_raised': ['Volume ÷ its mean for 1 point', 'Объём ÷ среднее для 1 балла'],
  'signals.scalper.volume_ratio_high': ['Volume ÷ its mean for 2 points', 'Объём ÷ среднее для 2 баллов'],
  'signals.scalper.fresh_candles': ['A crossing is fresh for so many candles', 'Пересечение свежее столько свечей'],
  'signals.scalper.thresholds.*': ['Score of 12 that makes a signal', 'Счёт из 12, дающий сигнал'],
  'signals.scalper.weights.*': ['Weight of a component; 0 leaves it out', 'Вес составляющей; 0 исключает её'],
  'signals.scalper.repeat_after_candles': [
    'A lasting signal repeats after so many candles',
    'Длящийся сигнал повторяется через столько свечей',
  ],

  execution: ['Orders, costs and leverage', 'Ордера, расходы и плечо'],
  'execution.entry_style': ['maker_only, maker_then_taker or taker', 'maker_only, maker_then_taker или taker'],
  'execution.max_reprices': ['A maker entry is re-priced so often at most', 'Maker-вход переставляется не больше раз'],
  'execution.maker_window_seconds': ['... within so many seconds', '... за столько секунд'],
  'execution.on_opposite': [
    'A signal against the position: ignore, close or reverse',
    'Сигнал против позиции: ignore, close или reverse',
  ],
  'execution.unknown_position': [
    'A position that the bot did not open: adopt (stop and exits, no rungs), close, or alert (left to you, no stop)',
    'Позиция, которую открыл не бот: adopt (стоп и выходы, без ступеней), close или alert (остаётся вам, без стопа)',
  ],
  'execution.min_cost_multiple': [
    'The target must be worth so many round-trip costs',
    'Цель должна стоить столько полных расходов',
  ],
  'execution.reentry': ['Waits before a new entry', 'Паузы перед новым входом'],
  'execution.reentry.same_side_seconds': ['After an exit, same side, seconds', 'После выхода в ту же сторону, секунд'],
  'execution.reentry.after_loss_seconds': ['After a loss, seconds', 'После убытка, секунд'],
  'execution.reentry.opposite_side_seconds': ['Opposite side, seconds', 'В другую сторону, секунд'],
  'execution.funding_near_seconds': [
    'No entry or addition so soon before funding, seconds',
    'Без входов и добавлений перед фандингом, секунд',
  ],
  'execution.leverage': ['Leverage of a new position', 'Плечо новой позиции'],
  'execution.leverage.adaptive': ['on: the map below, never above max', 'on: по таблице ниже, не выше max'],
  'execution.leverage.max': ['Leverage at most', 'Плечо не больше'],
  'execution.leverage.by_regime.*': ["Multiplies the signal's strength", 'Множитель силы сигнала'],
  'execution.leverage.turbulent': ['Turbulence lowers it', 'Волатильность его снижает'],
  'execution.leverage.turbulent.above_atr_percent': ['ATR above, % of price', 'ATR выше, % цены'],
  'execution.leverage.turbulent.factor': ['... multiplies the score', '... умножает счёт'],
  'execution.leverage.calm': ['Calm raises it', 'Спокойствие его повышает'],
  'execution.leverage.calm.below_atr_percent': ['ATR below, % of price', 'ATR ниже, % цены'],
  'execution.leverage.calm.factor': ['... multiplies the score', '... умножает счёт'],
  'execution.leverage.steps': ['Leverage of a score below each threshold', 'Плечо при счёте ниже порога'],
  'execution.leverage.top': ['Leverage above the last threshold', 'Плечо выше последнего порога'],
  'execution.fee_rates': [
    'Fees as shares of the value (0.0002 is 0.02 %)',
    'Комиссии в долях стоимости (0.0002 это 0.02 %)',
  ],
  'execution.fee_rates.*': [
    'Fee as a share of the value (0.0002 is 0.02 %)',
    'Комиссия в долях стоимости (0.0002 это 0.02 %)',
  ],
  'execution.slippage_bps': ['Expected slippage of a taker order, bps', 'Ожидаемое проскальзывание taker-ордера, б.п.'],
  'execution.spread_ticks': ['Spread assumed where none is measured, ticks', 'Спред, если он не измерен, тиков'],

  governors: [
    'Autonomy: "on", "off", or the numbers of each (docs/governors.md)',
    'Автономность: "on", "off" или числа каждого решения (docs/governors.md)',
  ],
  'governors.*.enabled': ['Whether it acts', 'Действует ли'],
  'governors.size_by_day': ["Size by the day's PnL", 'Размер по PnL за день'],
  'governors.size_by_day.losses': [
    "Day's PnL, % of the day's first balance, at or below which the base is multiplied",
    'PnL дня, % от первого баланса дня, при котором и ниже база умножается',
  ],
  'governors.size_by_day.gains': [
    "Day's PnL at or above which it is; never past the plan",
    'PnL дня, при котором и выше она умножается; никогда не больше плана',
  ],
  'governors.size_by_day.min_factor': ['Smallest factor of the base', 'Наименьший множитель базы'],
  'governors.size_by_day.max_factor': ['Largest factor of the base', 'Наибольший множитель базы'],
  'governors.targets_by_volatility': ['Targets and stops by volatility', 'Цели и стопы по волатильности'],
  'governors.targets_by_volatility.min_factor': [
    'ATR% now ÷ its mean multiplies target and stop, not below',
    'ATR% сейчас ÷ среднее умножает цель и стоп, не меньше',
  ],
  'governors.targets_by_volatility.max_factor': ['… and not above', '… и не больше'],
  'governors.targets_by_volatility.retune_minutes': [
    'An open position in profit is re-tuned at most this often',
    'Открытая позиция в плюсе перенастраивается не чаще',
  ],
  'governors.targets_by_volatility.max_retune': [
    '… and by at most this much of the first distances, %',
    '… и не больше чем на столько от первых расстояний, %',
  ],
  'governors.additions_without_signal': [
    'Additions without a new signal (postponed by the requirements)',
    'Добавления без нового сигнала (отложено требованиями)',
  ],
  'governors.additions_without_signal.placement': [
    'on_trigger: sent at a close with a sign; resting: averaging waits as a maker order at its published price',
    'on_trigger: по закрытию со знаком; resting: усреднение ждёт лимитной заявкой по объявленной цене',
  ],
  'governors.additions_without_signal.strength': [
    'Strength of the signal that such an addition stands for, 0 to 1',
    'Сила сигнала, за который считается такое добавление, от 0 до 1',
  ],
  'governors.additions_without_signal.average_down': ['Averaging down', 'Усреднение'],
  'governors.additions_without_signal.average_down.regimes.*': ['Regimes in which it is done', 'В каких режимах рынка'],
  'governors.additions_without_signal.average_down.loss_share': [
    'PnL at or below this share of the loss limit',
    'PnL на этой доле лимита убытка или ниже',
  ],
  'governors.additions_without_signal.average_down.distance_atr': [
    'Price at least so many ATR behind the last rung',
    'Цена хуже последней ступени не меньше чем на столько ATR',
  ],
  'governors.additions_without_signal.average_down.min_rsi_turn': [
    'Points by which RSI must have turned back within a candle; a reversal candle does too',
    'На столько пунктов должен развернуться RSI за свечу; годится и свеча разворота',
  ],
  'governors.additions_without_signal.pyramid': ['Pyramiding', 'Пирамидинг'],
  'governors.additions_without_signal.pyramid.regimes.*': ['Regimes in which it is done', 'В каких режимах рынка'],
  'governors.additions_without_signal.pyramid.min_profit': [
    'PnL at or above this, %, of what the loss limit is per cent of',
    'PnL не ниже, %, от того же, что и лимит убытка',
  ],
  'governors.additions_without_signal.pyramid.distance_atr': [
    'Price at least so many ATR ahead of the last rung',
    'Цена лучше последней ступени не меньше чем на столько ATR',
  ],
  'governors.mode_by_results': [
    'Trading mode by results (postponed by the requirements)',
    'Режим торговли по результатам (отложено требованиями)',
  ],
  'governors.mode_by_results.start_mode': [
    'Mode before there are results: trend_following (EMA, SMA, MACD) or mean_reversion (RSI, Bollinger)',
    'Режим до первых результатов: trend_following (EMA, SMA, MACD) или mean_reversion (RSI, Bollinger)',
  ],
  'governors.mode_by_results.trades': [
    'Last closed trades of each regime and mode that are compared',
    'Сколько последних сделок каждого режима рынка и торговли сравнивать',
  ],
  'governors.mode_by_results.switch_minutes': [
    'A symbol switches at most once in so many minutes',
    'Инструмент переключается не чаще чем раз в столько минут',
  ],
  'governors.mode_by_results.min_standard_errors': [
    'A mode must be better by more than so many standard errors',
    'Режим должен быть лучше больше чем на столько стандартных ошибок',
  ],
  'governors.mode_by_results.off_standard_errors': [
    'Both modes below 0 by more than so many standard errors: trading goes off',
    'Оба режима ниже 0 больше чем на столько стандартных ошибок: торговля выключается',
  ],
  'governors.pause': ['Pauses and the emergency stop', 'Паузы и аварийная остановка'],
  'governors.pause.symbol_losses': ['Losses in a row that pause a symbol', 'Убытков подряд до паузы инструмента'],
  'governors.pause.symbol_minutes': ['… for so many minutes', '… на столько минут'],
  'governors.pause.account_losses': [
    'Losses in a row, of any symbols, that pause all',
    'Убытков подряд по любым инструментам до паузы всех',
  ],
  'governors.pause.account_minutes': ['… for so many minutes', '… на столько минут'],
  'governors.pause.turbulence': [
    'ATR% above so many times its mean pauses the symbol',
    'ATR% выше среднего во столько раз ставит инструмент на паузу',
  ],
  'governors.pause.turbulence_minutes': ['… for so many minutes', '… на столько минут'],
  'governors.pause.repeat_factor': [
    'Each repetition within a UTC day lasts so many times longer',
    'Каждое повторение за день UTC длиннее во столько раз',
  ],
  'governors.pause.max_minutes': ['… but not longer than this', '… но не дольше'],
  'governors.pause.max_drawdown': [
    "Fall of the equity from the day's peak, %: closes everything and halts until a person resumes",
    'Падение капитала от пика дня, %: закрыть всё и стоять, пока человек не возобновит',
  ],
  'governors.pause.drawdown_readings': [
    'Readings in a row that must say so',
    'Столько измерений подряд должны это показать',
  ],
  'governors.pause.reading_seconds': [
    'Readings are at least so many seconds apart',
    'Измерения не чаще чем раз в столько секунд',
  ],
};

const PATTERNS = Object.entries(WORDS).map(([pattern, words]) => ({ parts: pattern.split('.'), words }));

/** What a key means; undefined where only its group is explained. */
export function meaningOf(path: readonly string[], language: Language): string | undefined {
  const fits = PATTERNS.find(
    ({ parts }) => parts.length === path.length && parts.every((part, index) => part === '*' || part === path[index]),
  );
  return fits?.words[language === 'en' ? 0 : 1];
}
