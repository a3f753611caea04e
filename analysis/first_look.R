# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript analysis/first_look.R FILE [FOLDER]: two figures of a run of pkosim with base R and ncdf4 (Debian: r-cran-ncdf4).
#   r-deaths.png  deaths by year: median, 50 and 90 % bands over replicates for each regime, and the record to 2018
#   r-access.png  access by bloc and regime, with the same bands
# The tables behind them are written beside them as r-deaths.csv and r-access.csv.
# Dimensions come in reverse order in R: what Python knows as outcome[regime, replicate, name] is outcome[name, replicate, regime].
library(ncdf4)

words <- commandArgs(trailingOnly = TRUE)
if (length(words) < 1) stop("usage: Rscript first_look.R FILE [FOLDER]")
folder <- if (length(words) > 1) words[2] else "."
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
record <- file.path(dirname(script), "data", "record_deaths.csv")

file <- nc_open(words[1])
about <- function(name) ncatt_get(file, 0, name)$value
if (!identical(as.numeric(about("schema_version")), 1)) stop(words[1], ": not a result file of pkosim with schema_version 1")
caveat <- about("caveat")
labels <- function(name) as.character(ncvar_get(file, name))
regimes <- labels("regime")
names_of_outcomes <- labels("outcome_name")
# collapse_degen = FALSE keeps dimensions of length 1 (one regime, one replicate).
outcome <- ncvar_get(file, "outcome", collapse_degen = FALSE)

# Bands over replicates: one row a regime and name. R's type 7 is also numpy's.
bands <- function(chosen) {
  rows <- expand.grid(name = chosen, regime = regimes, stringsAsFactors = FALSE)
  values <- t(mapply(function(name, regime) {
    quantile(outcome[match(name, names_of_outcomes), , match(regime, regimes)], c(0.05, 0.25, 0.5, 0.75, 0.95), na.rm = TRUE, names = FALSE)
  }, rows$name, rows$regime))
  colnames(values) <- c("q05", "q25", "median", "q75", "q95")
  data.frame(rows, values, row.names = NULL)
}

# The caveat at the foot of the page.
foot <- function() {
  lines <- strwrap(caveat, width = 150)
  mtext(lines, side = 1, outer = TRUE, line = seq_along(lines) * 0.75 - 0.4, cex = 0.62, adj = 0, at = 0.01, col = "grey35")
}
colours <- c("#0072B2", "#E69F00", "#000000", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#7F7F7F")
marks <- c(21, 22, 24, 23, 25)
page <- function(name, height) {
  png(file.path(folder, name), width = 170, height = height, units = "mm", res = 200, pointsize = 9, type = "cairo")
  par(oma = c(5, 0, 0, 0), mar = c(3.2, 4, 4.2, 0.6), mgp = c(2.2, 0.6, 0), las = 1, tcl = -0.3)
}
legend_of_regimes <- function(more = NULL, symbol = NULL) {
  k <- seq_along(regimes)
  legend("bottomleft", inset = c(-0.02, 1), xpd = NA, horiz = TRUE, bty = "n", legend = c(paste("regime", regimes), more),
         pch = c(marks[(k - 1) %% 5 + 1], symbol), col = c(colours[(k - 1) %% 8 + 1], if (length(more)) "black"), pt.bg = "white", pt.lwd = 1.5)
}
shift <- function(k) (k - (length(regimes) + 1) / 2) * min(0.26, 0.8 / length(regimes))

# --- Deaths by year ---
deaths <- bands(grep("^deaths [0-9]{4}$", names_of_outcomes, value = TRUE))
deaths$year <- as.integer(sub("deaths ", "", deaths$name))
page("r-deaths.png", 105)
plot(NA, xlim = range(deaths$year) + c(-0.5, 0.5), ylim = c(0, max(deaths$q95, 1, na.rm = TRUE) * 1.04), xlab = "first and last year: the part within the run", ylab = "people killed in the year", bty = "l", xaxt = "n", yaxs = "i")
title("Deaths of the mission by hostile acts, by year", adj = 0, line = 3)
axis(1, unique(deaths$year))
for (k in seq_along(regimes)) with(deaths[deaths$regime == regimes[k], ], {
  segments(year + shift(k), q05, year + shift(k), q95, col = colours[k], lwd = 2)
  segments(year + shift(k), q25, year + shift(k), q75, col = colours[k], lwd = 6, lend = 1)
  points(year + shift(k), median, pch = marks[(k - 1) %% 5 + 1], col = colours[k], bg = "white", lwd = 1.5)
})
known <- read.csv(record)
# Only years that the run covers whole. Later years stay out: they judge the model.
first <- as.Date(about("start"))
whole <- as.Date(sprintf("%d-01-01", known$year)) >= first & as.Date(sprintf("%d-12-31", known$year)) < first + about("days")
known <- known[whole, ]
known <- known[known$year <= 2018 & known$scenario == about("scenario_name") & !is.na(known$deaths) & known$year %in% deaths$year, ]
if (nrow(known)) {
  segments(known$year - 0.42, known$deaths, known$year + 0.42, known$deaths, lwd = 1.5)
  points(known$year, known$deaths, pch = 18, cex = 1.4)
}
legend_of_regimes(if (nrow(known)) "record (UN Staff Union)", if (nrow(known)) 18)
foot()
invisible(dev.off())
write.csv(deaths[c("regime", "year", "q05", "q25", "median", "q75", "q95")], file.path(folder, "r-deaths.csv"), row.names = FALSE)

# --- Access by bloc ---
access <- bands(intersect(c("access", paste0("access_", labels("bloc"))), names_of_outcomes))
access <- access[!is.na(access$median), ]
rows <- unique(access$name)
page("r-access.png", 110)
par(mar = c(3.2, 6, 4.2, 0.6))
plot(NA, xlim = c(0, 1), ylim = c(length(rows) + 0.5, 0.5), xlab = "access (share of strikes known to their target)", ylab = "", yaxt = "n", bty = "l")
title("Who knew of the strikes against them", adj = 0, line = 3)
axis(2, seq_along(rows), sub("^access$", "mission", sub("^access_", "", rows)), tick = FALSE)
for (k in seq_along(regimes)) with(access[access$regime == regimes[k], ], {
  at <- match(name, rows) + shift(k)
  segments(q05, at, q95, at, col = colours[k], lwd = 2)
  segments(q25, at, q75, at, col = colours[k], lwd = 6, lend = 1)
  points(median, at, pch = marks[(k - 1) %% 5 + 1], col = colours[k], bg = "white", lwd = 1.5)
})
legend_of_regimes()
foot()
invisible(dev.off())
write.csv(access[c("regime", "name", "q05", "q25", "median", "q75", "q95")], file.path(folder, "r-access.csv"), row.names = FALSE)
invisible(nc_close(file))
cat("written:", file.path(folder, c("r-deaths.png", "r-access.png")), "\n")
