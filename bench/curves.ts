import { init } from 'echarts';
import type { Curve } from './part.ts';

/** Draws a diagram as SVG, without a browser. The background is white, so that it is readable on dark pages. */
export function drawCurve({ title, x, y, logarithmic, series }: Curve): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 720, height: 400 });
  const axis = { nameLocation: 'middle', nameGap: 30 } as const;
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: { text: title, left: 'center', textStyle: { fontSize: 15 } },
    legend: { bottom: 0, data: series.map(({ name }) => name) },
    grid: { left: 70, right: 30, top: 50, bottom: 80 },
    xAxis: { ...axis, type: logarithmic ? 'log' : 'value', name: x },
    yAxis: { ...axis, type: 'value', name: y, nameGap: 50, min: 0 },
    series: series.map(({ name, points }) => ({ type: 'line', name, data: points, symbolSize: 7 })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
