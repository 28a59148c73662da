// Draws every [data-chart] from the JSON block it names. Colours read apart in grey print and for the colour-blind.
"use strict";
(() => {
  const COLOURS = ["#146a70", "#d98a3d", "#5a7fb0", "#8a4f7d", "#7a8f3c", "#4a5b5e"];
  const INK = "#1b2a2d", DIM = "#4a5b5e", LINE = "#d9e0df";
  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
  const number = (v) => (v === null || v === undefined || v === "-" ? "—" : Number(v).toLocaleString("zh-CN", { maximumFractionDigits: 2 }));

  function option(spec) {
    const size = Math.round(rem() * 0.8125);
    const text = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size, color: INK };
    const base = {
      animation: false, color: COLOURS, textStyle: text,
      tooltip: { trigger: spec.kind === "shares" ? "item" : "axis", renderMode: "richText", confine: true, axisPointer: { type: spec.kind === "lines" ? "line" : "shadow" }, valueFormatter: (v) => `${number(v)} ${spec.unit}` },
      legend: { show: spec.kind !== "shares" && spec.series.length > 1, top: 0, left: 0, textStyle: { ...text, color: DIM }, itemWidth: 14, itemHeight: 10 },
      aria: { enabled: false },
    };
    if (spec.kind === "shares") {
      const values = spec.series[0].values;
      const all = values.reduce((a, b) => a + (b || 0), 0) || 1;
      return { ...base, series: [{ type: "pie", radius: ["48%", "72%"], center: ["50%", "52%"], itemStyle: { borderColor: "#fff", borderWidth: 2 },
        label: { ...text, formatter: (p) => `${p.name}\n${number(p.value)}（${(p.value / all * 100).toFixed(1)}%）`, lineHeight: size * 1.4 },
        data: spec.labels.map((name, i) => ({ name, value: values[i] })) }] };
    }
    const lying = spec.kind === "bars";
    const names = { type: "category", data: spec.labels, inverse: lying, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } },
      axisLabel: { ...text, color: DIM, interval: lying ? 0 : "auto", hideOverlap: true, width: lying ? size * 9 : undefined, overflow: "truncate" } };
    const figures = { type: "value", splitLine: { lineStyle: { color: "#e9eeed" } }, axisLabel: { ...text, color: DIM, hideOverlap: true, formatter: number } };
    const single = spec.series.length === 1;
    const series = spec.series.map((s, i) => ({
      name: s.name, data: s.values, type: spec.kind === "lines" ? "line" : "bar", stack: spec.stacked ? "all" : undefined, connectNulls: spec.bridged,
      barMaxWidth: lying ? 18 : 40, symbol: ["circle", "rect", "triangle", "diamond"][i % 4], symbolSize: 7, lineStyle: { width: 2.5, type: ["solid", "dashed", "dotted"][i % 3] },
      label: { show: single && spec.kind !== "lines" && spec.labels.length < 25, position: lying ? "right" : "top", ...text, formatter: (p) => number(p.value) },
      markLine: i === 0 && spec.target !== null ? { silent: true, symbol: "none", lineStyle: { color: "#b0261e", type: "dashed", width: 1.5 }, label: { ...text, color: "#b0261e", formatter: number(spec.target), position: lying ? "end" : "insideEndTop" }, data: [lying ? { xAxis: spec.target } : { yAxis: spec.target }] } : undefined,
      cursor: spec.urls.length ? "pointer" : "default",
    }));
    return { ...base, grid: { left: 4, right: lying && single ? 64 : 20, top: spec.series.length > 1 ? 36 : 12, bottom: 4, containLabel: true }, xAxis: lying ? figures : names, yAxis: lying ? names : figures, series };
  }

  const drawn = [];
  for (const box of document.querySelectorAll("[data-chart]")) {
    const spec = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    if (spec.kind === "bars" && spec.labels.length > 8) box.classList.add(spec.labels.length > 16 ? "chart-tall" : "chart-high");
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption(option(spec));
    if (spec.urls.length) chart.on("click", (p) => { if (spec.urls[p.dataIndex]) location.assign(spec.urls[p.dataIndex]); });
    drawn.push(chart);
  }
  const fit = () => drawn.forEach((c) => c.resize());
  addEventListener("resize", fit);
  matchMedia("print").addEventListener("change", fit);
  addEventListener("beforeprint", fit);
})();
