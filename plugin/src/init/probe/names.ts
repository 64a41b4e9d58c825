/** A thing that somebody has after booking. */
export const ORDER_NAME =
  /^(?:order|booking|reservation|ticket|purchase|appointment|registration|confirmation|transaction|allocation|claim|rental)s?$/i;

/** A field that holds the id of an order, whatever stands around it: `order_id`, `bookingRef`. */
export const ORDER_ID_NAME =
  /^(?:order|booking|reservation|ticket|purchase|appointment|registration|confirmation|transaction|allocation|claim|rental)[-_ ]?(?:id|uuid|guid|no|nr|number|ref|reference|code|key)$/i;

export const ID_NAME = /^(?:_?id|uuid|guid|@id)$/i;
export const REFERENCE_NAME = /^(?:ref|reference|pnr|locator|confirmation|number|code|no|nr)$/i;

/** What a booking is about, or who made it: an id of these names no order. */
export const OTHER_NAME =
  /^(?:user|customer|guest|account|owner|member|person|buyer|seat|place|pitch|room|table|slot|unit|plot|court|event|show|venue|item|product|sku|resource|organi[sz]er|tenant|category|class|session|request|trace|correlation|links?|meta)s?$/i;

/** A truth value that says how it went. `true` is good … */
export const GOOD_FLAG =
  /^(?:is_?)?(?:success|successful|succeeded|ok|booked|reserved|confirmed|accepted|granted|done|valid|result)$/i;
/** … or bad. */
export const BAD_FLAG = /^(?:is_?|has_?)?(?:error|errors|failed|failure|rejected|refused|denied|conflict)$/i;

export const ERROR_NAME =
  /^(?:errors?|err|error_?(?:code|message|msg|text|description|type)|exception|fault|failure|failures|problems?|violations)$/i;

/** A field with one word of a short list, which says how it went. */
export const STATE_NAME =
  /^(?:status|state|result|outcome|code|reason|type|kind|__typename|phase|decision|(?:order|booking|reservation|result|status|error|response|return|ret|reason)[-_]?(?:status|state|code))$/i;
export const CODE_NAME =
  /^(?:code|status|result|errno|err|ret|rc|(?:result|status|error|response|return|ret)[-_]?code)$/i;
export const COUNT_NAME = /^(?:granted|booked|reserved|confirmed|sold|affected|rows|affected_?rows|allocated|units)$/i;

/** A value that is another one in every answer, or grows by itself. */
export const PASSING_NAME =
  /(?:time|date|timestamp|_at|At|expires|expiry|version|revision|etag|nonce|token|csrf|trace|request_?id|requestId|views|hits|duration|took|elapsed)$/;

/** Words of an answer that refuses, and of one that books, in the languages that people book in most. */
const REFUSALS = [
  'sold out|sold|taken|unavailable|not available|no longer|already|sorry|fail|failed|failure|error|refused|rejected|denied|declined',
  "conflict|cannot|could not|can't|full|fully|occupied|held|gone|late|unfortunately|impossible|exhausted|out of",
  'vergeben|ausgebucht|ausverkauft|belegt|bereits|leider|fehler|nicht mehr|complet|complète|indisponible|désolé|déjà|épuisé',
  'agotado|ocupado|ocupada|lo sentimos|ya no|esaurito|occupato|spiacenti|uitverkocht|bezet|helaas|esgotado|reservado por',
];
const BOOKINGS = [
  'booked|reserved|confirmed|confirmation|thank you|thanks?|success|successful|successfully|congratulations|yours|completed?|done|ok',
  'order|booking|reservation|ticket|got|gebucht|reserviert|bestätigt|danke|vielen dank|erfolgreich|réservée?|confirmée?|merci',
  'reservado|reservada|confirmado|confirmada|gracias|prenotato|prenotata|confermato|confermata|grazie|geboekt|bevestigd|obrigado',
];
const anyWord = (lists: readonly string[]) => new RegExp(`(?<!\\p{L})(?:${lists.join('|')})(?!\\p{L})`, 'iu');
export const REFUSING = anyWord(REFUSALS);
export const BOOKING = anyWord(BOOKINGS);

/** A word in `status` that means no. */
export const REFUSED_STATE =
  /^(?:rejected|refused|failed|failure|error|taken|sold(?:[-_ ]?out)?|unavailable|denied|declined|conflict|full)$/i;
/** A word in `status` that means later. */
export const PENDING_STATE =
  /^(?:pending|queued|waiting|processing|in[-_ ]?progress|accepted|received|submitted|running|started|new|created|open|working|scheduled)$/i;

export const SIGN_IN_PLACE =
  /(?:^|[/_-])(?:log-?in|sign-?in|sso|oauth2?|auth|authenticate|session\/new)(?:$|[/?#_.-])/i;
