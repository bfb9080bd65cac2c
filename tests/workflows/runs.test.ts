/** Durable runs through the front door, on both databases: the promises stand in `runs/`, one file for what belongs together, all on one product. Attacks. */
import { describe } from 'vitest'

import { databaseKinds } from '../support/databases.js'
import { stageOn } from './runs-stage.js'
import { beginnings } from './runs/beginnings.js'
import { course } from './runs/course.js'
import { effects } from './runs/effects.js'
import { journeys } from './runs/journeys.js'
import { rights } from './runs/rights.js'

describe.each(databaseKinds)('runs on %s', (database) => {
  const stage = stageOn(database)
  course(stage)
  beginnings(stage)
  effects(stage)
  journeys(stage)
  rights(stage)
})
