/** What is drawn, in the words of ECharts. Pure. */
import type { EChartsCoreOption } from 'echarts/core'

import type { UiChart } from '../../metadata/contract/ui-model.js'
import { number } from '../client/i18n.js'
import type { ChartData } from './chart-data.js'
import type { ChartColors } from './colors.js'

interface Around {
  /** Nothing moves. */
  readonly still: boolean
  /** Of the drawing, in px. */
  readonly width: number
}

const font = "'Instrument Sans', system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
/** Longer names, or more of them, do not fit below their bars and stand beside them. */
const fitting = { letters: 10, names: 8 } as const
const narrowPx = 420

export function chartOption(type: UiChart['type'], data: ChartData, colors: ChartColors, around: Around): EChartsCoreOption {
  const legend = data.series.length > 1 || type === 'donut'
  return {
    animation: !around.still,
    animationDuration: 350,
    textStyle: { fontFamily: font, color: colors.quiet },
    ...(legend ? { legend: legendOf(colors) } : {}),
    ...(type === 'donut' ? donut(data, colors) : cartesian(type, data, colors, around)),
  }
}

const legendOf = (colors: ChartColors): EChartsCoreOption => ({
  type: 'scroll', bottom: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, itemGap: 16, textStyle: { color: colors.quiet, fontFamily: font },
  pageTextStyle: { color: colors.quiet }, pageIconColor: colors.quiet, pageIconInactiveColor: colors.line,
})

/** Drawn like the rest: no HTML is made of what people typed. */
const tooltipOf = ({ text }: ChartData, colors: ChartColors): EChartsCoreOption => ({
  renderMode: 'richText', confine: true, backgroundColor: colors.page, borderColor: colors.line, borderWidth: 1, textStyle: { color: colors.ink, fontFamily: font, fontSize: 13 },
  valueFormatter: (value: unknown) => (typeof value === 'number' ? text(value) : '–'),
})

function donut(data: ChartData, colors: ChartColors): EChartsCoreOption {
  const [only] = data.series
  return {
    tooltip: { ...tooltipOf(data, colors), trigger: 'item' },
    series: [{
      type: 'pie', radius: ['54%', '80%'], center: ['50%', '45%'], label: { show: false }, labelLine: { show: false }, itemStyle: { borderColor: colors.page, borderWidth: 2, borderRadius: 4 }, emphasis: { scaleSize: 4 },
      data: data.categories.map(({ label, color }, i) => ({ name: label, value: only?.values[i] ?? 0, itemStyle: { color: colors.of(color, i) } })),
    }],
  }
}

const lineOf = (numbers: readonly (number | null)[]): EChartsCoreOption => ({ type: 'line', data: numbers, symbolSize: 7, showSymbol: numbers.length < 40, lineStyle: { width: 2.25 } })

function cartesian(type: Exclude<UiChart['type'], 'donut'>, data: ChartData, colors: ChartColors, { width }: Around): EChartsCoreOption {
  const { categories, series, timed } = data
  const lying = type === 'bar' && !timed && (categories.length > fitting.names || categories.some(({ short }) => short.length > fitting.letters) || width < narrowPx)
  const names = {
    type: 'category', data: categories.map(({ short }) => short), inverse: lying, boundaryGap: type === 'bar', axisTick: { show: false }, axisLine: { lineStyle: { color: colors.line } },
    axisLabel: { color: colors.quiet, hideOverlap: !lying, fontFamily: font, ...(lying ? { interval: 0, width: Math.min(170, width * 0.36), overflow: 'truncate' } : {}) },
  }
  const values = {
    type: 'value', splitNumber: width < narrowPx ? 3 : 4, splitLine: { lineStyle: { color: colors.line } },
    axisLabel: { color: colors.quiet, fontFamily: font, hideOverlap: true, formatter: (value: number) => number(value, { notation: 'compact', maximumFractionDigits: 1 }) },
  }
  const pointer = { type: type === 'bar' ? 'shadow' : 'line', shadowStyle: { color: colors.line, opacity: 0.35 }, lineStyle: { color: colors.line } }
  return {
    grid: { left: 2, right: 14, top: 14, bottom: series.length > 1 ? 34 : 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: { ...tooltipOf(data, colors), trigger: 'axis', axisPointer: pointer },
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: series.map(({ label, color, values: numbers }, i) => {
      const paint = colors.of(color, i)
      const named = { name: label || data.by, itemStyle: { color: paint }, ...(series.length > 1 && data.additive ? { stack: 'all' } : {}) }
      if (type === 'line') return { ...named, ...lineOf(numbers), stack: undefined }
      if (type === 'area') return { ...named, ...lineOf(numbers), areaStyle: { opacity: data.additive && series.length > 1 ? 0.45 : 0.16 } }
      // One colour for all bars says that they are of one kind; options have colours of their own.
      const bars = series.length > 1 ? numbers : numbers.map((value, at) => ({ value, itemStyle: { color: colors.of(categories[at]?.color ?? '', 0) } }))
      return { ...named, type: 'bar', data: bars, barMaxWidth: 36, cursor: 'pointer', ...(series.length > 1 ? {} : { itemStyle: { color: paint, borderRadius: lying ? [0, 4, 4, 0] : [4, 4, 0, 0] } }) }
    }),
  }
}
