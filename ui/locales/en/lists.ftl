selection = Selection
select-row = Select row
select-all-rows = Select all
selected-count = { $count ->
     [one] 1 selected
    *[other] { $count } selected
}
select-all = Select all { $total }
select-none = Clear selection
bulk-working = One moment …
views = Views
no-views = None yet. Filter and sort, then save the view.
save-view = Save view …
save-view-text = Filter, sort and columns as they are now.
view-name = Name of the view
view-name-hint = My A customers
view-saved = View “{ $name }” saved
view-deleted = View “{ $name }” deleted
view-rename = Rename view “{ $name }”
view-delete = Delete view “{ $name }”
rename = Rename
columns = Columns
all-columns = Show all columns
customers-changed = { $count ->
     [one] 1 customer changed
    *[other] { $count } customers changed
}
customers-tagged = { $count ->
     [one] 1 customer tagged
    *[other] { $count } customers tagged
}
customers-deleted = { $count ->
     [one] 1 customer deleted
    *[other] { $count } customers deleted
}
contacts-deleted = { $count ->
     [one] 1 contact deleted
    *[other] { $count } contacts deleted
}
opportunities-deleted = { $count ->
     [one] 1 opportunity deleted
    *[other] { $count } opportunities deleted
}
quotes-deleted = { $count ->
     [0] Nothing deleted: quotes that were handed over stay
     [one] 1 draft deleted; quotes that were handed over stay
    *[other] { $count } drafts deleted; quotes that were handed over stay
}
forecast = Forecast
forecast-month = Month
forecast-count = Count
forecast-sum = Sum
forecast-weighted = Weighted
forecast-overdue = overdue
forecast-undated = no date
forecast-chart = Open opportunities by expected close: sum and weighted sum of each month
forecast-empty = No open opportunities
forecast-empty-text = As soon as one is open it stands here in the month of its expected close.
forecast-total = Total
key-select = Ctrl A
key-select-does = Select all rows of the list; with Shift, up to a row
