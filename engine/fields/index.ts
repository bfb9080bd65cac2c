/** Every field type, in the order in which a plain JSON Schema property is offered to them: the first that knows it takes it. */
import type { FieldType } from './contract.js'
import { address } from './types/address.js'
import { anyReference } from './types/anyReference.js'
import { autonumber } from './types/autonumber.js'
import { barcode } from './types/barcode.js'
import { boolean } from './types/boolean.js'
import { color } from './types/color.js'
import { consent } from './types/consent.js'
import { date } from './types/date.js'
import { decimal } from './types/decimal.js'
import { duration } from './types/duration.js'
import { email } from './types/email.js'
import { geoPoint } from './types/geoPoint.js'
import { file } from './types/file.js'
import { image } from './types/image.js'
import { instant } from './types/instant.js'
import { integer } from './types/integer.js'
import { json } from './types/json.js'
import { lines } from './types/lines.js'
import { longText } from './types/longText.js'
import { money } from './types/money.js'
import { multiSelect } from './types/multiSelect.js'
import { percent } from './types/percent.js'
import { personName } from './types/personName.js'
import { phone } from './types/phone.js'
import { rating } from './types/rating.js'
import { reference } from './types/reference.js'
import { references } from './types/references.js'
import { richText } from './types/richText.js'
import { select } from './types/select.js'
import { tags } from './types/tags.js'
import { text } from './types/text.js'
import { time } from './types/time.js'
import { url } from './types/url.js'
import { user } from './types/user.js'

export const fieldTypes: readonly FieldType[] = [
  // Never inferred: these must be named.
  money, percent, reference, references, anyReference, lines, user, autonumber, rating, barcode, address, personName, consent, file, image,
  // From narrow to wide.
  select, multiSelect, tags, geoPoint, boolean, integer, decimal, email, phone, url, date, instant, time, duration, color, richText, longText, text, json,
]

const byName: ReadonlyMap<string, FieldType> = new Map(fieldTypes.map((type) => [type.name, type]))

/** The type of that name, or undefined. */
export const fieldType = (name: string): FieldType | undefined => byName.get(name)
