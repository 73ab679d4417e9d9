-- For /metrics: name, label, value.
SELECT name, label, value FROM padan.web_metrics() ORDER BY name, label
