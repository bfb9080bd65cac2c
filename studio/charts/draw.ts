/** Drawing with ECharts, of which only what is used here is loaded. */
import { BarChart, LineChart, PieChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiChart } from '../../metadata/contract/ui-model.js'
import { both } from './chart-conditions.js'
import type { ChartData } from './chart-data.js'
import type { ChartColors } from './colors.js'
import { chartOption } from './option.js'

use([BarChart, LineChart, PieChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

export interface Drawing {
  show(type: UiChart['type'], data: ChartData, colors: ChartColors, still: boolean): void
  resize(): void
  end(): void
}

/** Draws into an element that has a size; `open` is told what the records of an element that was chosen have in common. */
export function drawing(host: HTMLElement, open: (condition: JsonObject) => void): Drawing {
  // The library measures and places texts from the left, whichever way people read.
  host.dir = 'ltr'
  const chart: EChartsType = init(host, null, { renderer: 'svg' })
  let shown: ChartData | null = null
  chart.on('click', (event) => {
    const category = shown?.categories[event.dataIndex]
    const series = shown?.series[event.seriesIndex ?? 0]
    if (category !== undefined) open(both(category.condition, series?.condition))
  })
  return {
    show(type, data, colors, still) {
      shown = data
      chart.setOption(chartOption(type, data, colors, { still, width: host.clientWidth }), { notMerge: true })
    },
    resize: () => chart.resize(),
    end: () => chart.dispose(),
  }
}
