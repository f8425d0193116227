-- A record that is kept aside, and what hangs on it by the columns that say so, whatever else a newer
-- version adds.
delete from kept_aside
where record_id = :record
    or (
        :is_root
        and (
            json_extract(state, '$.customer_id') = :text
            or json_extract(state, '$.quote_id') = :text
        )
    )
